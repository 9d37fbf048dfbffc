// "As if never interrupted": a run is cut after each epoch, its state goes
// through JSON text into a fresh object, and the future must be the same.
#pragma once

#include <gtest/gtest.h>

#include <random>

#include "mock_context.h"

namespace fer {

/// What a person could see of a run: all that the context was asked to do.
struct Trace {
  std::vector<std::string> events, said, stops;
  std::vector<double> rates;
  std::string last_state;
  bool operator==(const Trace&) const = default;
};

/// Falling values with ties, jumps and now and then a NaN.
inline std::vector<double> random_values(unsigned seed, int n) {
  std::mt19937 random(seed);
  std::vector<double> values;
  for (int i = 0; i < n; ++i) {
    const unsigned draw = random();
    values.push_back(draw % 16 == 0 ? std::numeric_limits<double>::quiet_NaN()
                                    : 1.0 - i / 64.0 + (draw >> 8) % 16 / 32.0);
  }
  return values;
}

/// One epoch as the trainer runs it, the weights changing as they go.
inline void run_epoch(Callback& callback, MockContext& context, int epoch,
                      double value, Trace& trace) {
  callback.on_epoch_begin(context, epoch);
  for (int step = 1; step <= 3; ++step) {
    context.weights += epoch * step;
    callback.on_step_end(context, {step, 3, value, 0.5});
  }
  callback.on_validation_begin(context);
  callback.on_validation_end(context);
  callback.on_epoch_end(context, logs_of(epoch, value));
  callback.on_epoch_close(context);
  trace.rates.push_back(context.rate);
  trace.stops.push_back(context.stop_reason());
}

inline Trace finish(Callback& callback, MockContext& context, Trace trace) {
  callback.on_train_end(context);
  trace.events = context.events;
  trace.said = context.said;
  trace.last_state = callback.state().dump();
  return trace;
}

/// `make(seed)` makes the callback; `dir`: a run folder or "".
template <class Make>
void expect_same_future_from_every_cut(Make make) {
  for (unsigned seed = 0; seed < 8; ++seed) {
    const auto values = random_values(seed, 20);
    const int n = static_cast<int>(values.size());
    const auto run = [&](int cut) {
      MockContext context;
      Trace trace;
      auto callback = make();
      callback->on_train_begin(context);
      for (int epoch = 1; epoch <= n; ++epoch) {
        run_epoch(*callback, context, epoch, values[epoch - 1], trace);
        if (epoch != cut) continue;
        const std::string saved = callback->state().dump();
        callback = make();
        callback->load_state(Json::parse(saved));
        callback->on_train_resume(context, epoch);
      }
      return finish(*callback, context, trace);
    };
    const Trace unbroken = run(0);
    for (int cut = 1; cut <= n; ++cut) {
      EXPECT_EQ(run(cut), unbroken) << "seed " << seed << ", cut " << cut;
    }
  }
}

/// A used object behaves like a new one after on_train_begin.
template <class Make>
void expect_reset_in_on_train_begin(Make make) {
  const auto values = random_values(3, 12);
  const auto run = [&](Callback& callback) {
    MockContext context;
    Trace trace;
    callback.on_train_begin(context);
    for (size_t i = 0; i < values.size(); ++i)
      run_epoch(callback, context, static_cast<int>(i) + 1, values[i], trace);
    return finish(callback, context, trace);
  };
  auto callback = make();
  const Trace first = run(*callback);
  EXPECT_EQ(run(*callback), first);
}

}  // namespace fer
