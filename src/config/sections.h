// Every setting of an experiment: one struct per section of the YAML file, the
// default in place. docs/config.md is generated from here.
#pragma once

#include <tuple>

#include "config/augment_config.h"
#include "config/callbacks_config.h"
#include "config/data_config.h"
#include "config/evaluate_config.h"
#include "config/experiment_config.h"
#include "config/field.h"
#include "config/model_config.h"
#include "config/optimizer_config.h"
#include "config/pretrain_config.h"
#include "config/report_config.h"
#include "config/train_config.h"

namespace fer {

/// A whole experiment file, resolved.
struct Config {
  ExperimentConfig experiment;
  DataConfig data;
  ModelConfig model;
  TrainConfig train;
  OptimizerConfig optimizer;
  ScheduleConfig schedule;
  CallbacksConfig callbacks;
  AugmentConfig augment;
  PretrainConfig pretrain;
  EvaluateConfig evaluate;
  ReportConfig report;

  static constexpr auto fields() {
    using C = Config;
    return std::tuple(
        field("experiment", &C::experiment, "What this experiment is"),
        field("data", &C::data, "Images and labels, and how they are split"),
        field("model", &C::model, "The network"),
        field("train", &C::train, "The training loop"),
        field("optimizer", &C::optimizer, "The update rule"),
        field("schedule", &C::schedule, "The learning rate over the epochs"),
        field("callbacks", &C::callbacks, "What happens between epochs"),
        field("augment", &C::augment, "Random changes to training images"),
        field("pretrain", &C::pretrain,
              "Training without labels: ferbench pretrain"),
        field("evaluate", &C::evaluate, "Scoring after training"),
        field("report", &C::report, "Tables, figures and the HTML page"));
  }
};

}  // namespace fer
