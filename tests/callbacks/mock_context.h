// A trainer made of two numbers: its weights and their average.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "callbacks/callback.h"
#include "core/error.h"
#include "core/temporary_folder.h"

namespace fer {

struct Saved {
  double weights = 0;
  std::optional<double> average;
  Json note;
};

class MockContext : public TrainContext {
 public:
  const std::filesystem::path& run_dir() const override { return dir; }
  int epochs() const override { return total_epochs; }
  int steps_per_epoch() const override { return steps; }
  double learning_rate() const override { return rate; }
  void set_learning_rate(double value) override {
    rate = value;
    ++rate_sets;
  }
  void save_weights(const std::string& name, const Json& note) override {
    saved[name] = {weights, average, note};
    saves.push_back(name);
    events.push_back("save " + name);
  }
  void load_weights(const std::string& name) override {
    if (!saved.contains(name)) fail<DataError>("[mock] no '{}'.", name);
    weights = saved[name].weights;
    average = saved[name].average;
    events.push_back("load " + name);
  }
  void update_average(double decay) override {
    average = average ? decay * *average + (1 - decay) * weights : weights;
  }
  void swap_average() override {
    std::swap(weights, average.value());
    events.push_back("swap");
  }
  void say(const std::string& line) override { said.push_back(line); }

  std::filesystem::path dir = "unused";
  int total_epochs = 50;
  int steps = 225;
  double rate = 1e-3;
  int rate_sets = 0;
  double weights = 0;
  std::optional<double> average;
  std::map<std::string, Saved> saved;
  std::vector<std::string> saves, events, said;
};

/// Logs of an epoch whose watched values are all `value`.
inline EpochLogs logs_of(int epoch, double value) {
  EpochLogs logs;
  logs.epoch = epoch;
  logs.train_loss = logs.train_accuracy = value;
  logs.val_loss = logs.val_accuracy = value;
  logs.learning_rate = 1e-3;
  logs.seconds = 12;
  logs.images_per_second = 150;
  return logs;
}

/// The text of the E that `action` throws.
template <class E, class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const E& error) {
    return error.what();
  }
  return "nothing was thrown";
}

}  // namespace fer
