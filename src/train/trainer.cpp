#include "train/trainer.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <chrono>

#include "core/error.h"
#include "core/terminal.h"
#include "models/registry.h"
#include "train/device.h"
#include "train/interrupt.h"

namespace fer {
namespace {

const std::string kAverage = "average/";

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

ModelShape shape_of(const ImageSet& images) {
  return {static_cast<int64_t>(images.channels),
          static_cast<int64_t>(images.height),
          static_cast<int64_t>(images.class_names.size())};
}

ModelPtr build_model(const Config& config, const ImageSet& images,
                     const torch::Device& device) {
  ModelPtr model = make_model(config.model, shape_of(images),
                              static_cast<uint64_t>(config.experiment.seed));
  place_model(*model, device, config.train.channels_last);
  return model;
}

Loss make_loss(const TrainConfig& config, const Batches& train,
               size_t classes) {
  std::vector<double> weights;
  if (config.class_weights == ClassWeights::kBalanced) {
    weights = balanced_weights(train.labels(), classes);
  }
  return {config.label_smoothing, std::move(weights)};
}

at::Generator generator(const torch::Device& device) {
  return at::globalContext().defaultGenerator(device);
}

}  // namespace

Trainer::Trainer(const Config& config, const ImageSet& images,
                 const Split& split, std::filesystem::path run_dir, bool quiet)
    : config_(config),
      run_dir_(std::move(run_dir)),
      quiet_(quiet),
      device_(choose_device(config.train.device)),
      model_(build_model(config, images, device_)),
      fine_tune_(config.train.fine_tune, config.model.name, *model_,
                 config.train.epochs),
      optimizer_(config.optimizer, named_parameters(*model_),
                 fine_tune_.rate_scales()),
      train_(images, split.train, config.train.batch_size, device_),
      val_(images, split.val, config.evaluate.batch_size, device_),
      engine_(*model_, optimizer_,
              make_loss(config.train, train_, images.class_names.size()),
              config.train, device_),
      store_(run_dir_ / "checkpoints"),
      callbacks_(make_callbacks(config, quiet)) {
  // Here, so that bad weights refuse the run before it has a folder.
  if (config.model.weights && !is_saved())
    started_from_ = fer::load_weights(config.model, *model_);
}

TrainResult Trainer::train(bool resume) {
  const InterruptGuard interrupt;
  const auto begin = Clock::now();
  const int first = start(resume);
  bool whole = true;
  try {
    whole = run_epochs(first);
  } catch (...) {
    callbacks_.on_exception(*this);
    throw;
  }
  callbacks_.on_train_end(*this);
  // A stop inside an epoch (NaN, say) must not replace the last good state.
  if (whole) save_last();
  return {epoch_, stop_reason(), seconds_since(begin)};
}

std::string Trainer::rehearse() {
  train_.begin_epoch(static_cast<uint64_t>(config_.experiment.seed), 1,
                     augment_settings(config_.augment));
  fine_tune_.begin_epoch(1);
  RunningMetrics trained, scored;
  const Batch batch = train_.get(0);
  engine_.train(batch, /*last=*/true, trained);
  const Batch other = val_.get(0);
  const torch::Tensor logits = engine_.predict(other.images);
  scored.add(Loss::plain(logits, other.truth()),
             count_correct(logits, other.labels), other.labels.size(0));
  return fmt::format(
      "one step of {} images: loss {:.4f}; one batch of {} scored: loss {:.4f}",
      trained.samples, trained.loss(), scored.samples, scored.loss());
}

int Trainer::start(bool resume) {
  generator(device_).set_current_seed(
      static_cast<uint64_t>(config_.experiment.seed));
  // A run that was killed before it saved anything begins anew.
  if (!resume || !is_saved()) {
    report_weights();
    callbacks_.on_train_begin(*this);
    save_last();  // from now on the run can be resumed
    return 1;
  }
  const int last = load_last();
  callbacks_.on_train_resume(*this, last);
  return last + 1;
}

bool Trainer::is_saved() const {
  return store_.exists("last") || store_.exists("last.previous");
}

void Trainer::report_weights() {
  if (!started_from_) return;
  write_json(run_dir_ / "weights.json", report_json(*started_from_));
  say(report_line(*started_from_));
}

// False when a callback stopped the run inside an epoch.
bool Trainer::run_epochs(int first) {
  const AugmentSettings augment = augment_settings(config_.augment);
  for (int epoch = first; epoch <= epochs() && !stop_requested(); ++epoch) {
    const auto begin = Clock::now();
    callbacks_.on_epoch_begin(*this, epoch);
    EpochLogs logs{.epoch = epoch, .learning_rate = learning_rate()};
    train_.begin_epoch(static_cast<uint64_t>(config_.experiment.seed),
                       static_cast<uint32_t>(epoch), augment);
    RunningMetrics metrics;
    if (!run_steps(epoch, metrics)) return false;
    logs.train_loss = metrics.loss();
    logs.train_accuracy = metrics.accuracy();
    logs.images_per_second =
        static_cast<double>(metrics.samples) / seconds_since(begin);
    callbacks_.on_validation_begin(*this);
    const RunningMetrics scores = validate();
    callbacks_.on_validation_end(*this);
    logs.val_loss = scores.loss();
    logs.val_accuracy = scores.accuracy();
    logs.seconds = seconds_since(begin);
    callbacks_.on_epoch_end(*this, logs);
    epoch_ = epoch;
    save_last();
    if (InterruptGuard::requested() && epoch < epochs()) {
      fail<Interrupted>(
          "[train] interrupted after epoch {} of {}; the state is saved. Go on "
          "with: ferbench run {}/config.yaml --resume --out {}",
          epoch, epochs(), run_dir_.string(), run_dir_.string());
    }
  }
  return true;
}

// False when a callback stopped the run inside the epoch.
bool Trainer::run_steps(int epoch, RunningMetrics& metrics) {
  if (const auto line = fine_tune_.begin_epoch(epoch); !line.empty()) say(line);
  const int64_t steps = train_.count();
  for (int64_t i = 0; i < steps; ++i) {
    const Batch batch = train_.get(i);
    engine_.train(batch, i + 1 == steps, metrics);
    callbacks_.on_step_end(*this, {.step = static_cast<int>(i + 1),
                                   .steps = static_cast<int>(steps),
                                   .loss = metrics.loss(),
                                   .accuracy = metrics.accuracy()});
    if (stop_requested()) return false;
    if (InterruptGuard::requested()) {
      fail<Interrupted>(
          "[train] interrupted in epoch {} of {}; the state after epoch {} is "
          "saved. Go on with: ferbench run {}/config.yaml --resume --out {}",
          epoch, epochs(), epoch - 1, run_dir_.string(), run_dir_.string());
    }
  }
  return true;
}

RunningMetrics Trainer::validate() {
  const torch::NoGradGuard guard;
  RunningMetrics metrics;
  for (int64_t i = 0; i < val_.count(); ++i) {
    const Batch batch = val_.get(i);
    const torch::Tensor logits = engine_.predict(batch.images);
    metrics.add(Loss::plain(logits, batch.truth()),
                count_correct(logits, batch.labels), batch.labels.size(0));
  }
  return metrics;
}

void Trainer::save_weights(const std::string& name, const Json& note) {
  TensorFile file;
  add_model(file, *model_);
  add_average(file);
  store_.save(name, std::move(file), note);
}

void Trainer::load_weights(const std::string& name) {
  const TensorFile file = store_.load(name).tensors;
  load_model(file, *model_);
  load_average(file);
}

void Trainer::add_average(TensorFile& file) const {
  for (const auto& [name, tensor] : average_) {
    file.tensors.emplace_back(kAverage + name, tensor);
  }
}

void Trainer::load_average(const TensorFile& file) {
  average_.clear();
  for (const auto& [name, tensor] : file.tensors) {
    if (!name.starts_with(kAverage)) continue;
    average_.emplace_back(name.substr(kAverage.size()), tensor.to(device_));
  }
}

void Trainer::update_average(double decay) {
  const torch::NoGradGuard guard;
  const auto weights = named_tensors(*model_);
  if (average_.empty()) {
    for (const auto& [name, weight] : weights) {
      average_.emplace_back(name, weight.detach().clone());
    }
    return;
  }
  for (size_t i = 0; i < weights.size(); ++i) {
    average_[i].second.lerp_(weights[i].second, 1.0 - decay);
  }
}

void Trainer::swap_average() {
  const torch::NoGradGuard guard;
  const auto weights = named_tensors(*model_);
  for (size_t i = 0; i < average_.size(); ++i) {
    const torch::Tensor kept = weights[i].second.clone();
    weights[i].second.copy_(average_[i].second);
    average_[i].second.copy_(kept);
  }
}

void Trainer::say(const std::string& line) {
  // On a terminal the progress line is wiped first; it is drawn again below.
  if (!quiet_) {
    fmt::print(stderr, "{}{}\n", stderr_is_terminal() ? "\r\033[K" : "", line);
  }
}

void Trainer::save_last() {
  TensorFile file;
  add_model(file, *model_);
  for (const auto& [name, tensor] : optimizer_.state()) {
    file.tensors.emplace_back("optimizer/" + name, tensor);
  }
  add_average(file);
  file.tensors.emplace_back(
      "random/" + std::string(device_.is_cuda() ? "cuda" : "cpu"),
      generator(device_).get_state());
  const Json state = {{"epoch", epoch_},
                      {"learning_rate", learning_rate()},
                      {"optimizer_steps", optimizer_.steps()},
                      {"late_clocks", optimizer_.late_clocks()},
                      {"stop_reason", stop_reason()},
                      {"callbacks", callbacks_.state()}};
  store_.save("last", std::move(file), state, /*keep_previous=*/true);
}

int Trainer::load_last() {
  std::string warning;
  const auto [tensors, state] = store_.load_or_previous("last", warning);
  if (!warning.empty()) say(warning);
  load_model(tensors, *model_);
  load_average(tensors);
  NamedTensors optimizer;
  for (const auto& [name, tensor] : tensors.tensors) {
    if (name.starts_with("optimizer/"))
      optimizer.emplace_back(name.substr(10), tensor);
    if (name.starts_with("random/")) generator(device_).set_state(tensor);
  }
  optimizer_.load_state(optimizer, state.at("optimizer_steps").get<int64_t>(),
                        state.value("late_clocks", Optimizer::Clocks()));
  set_learning_rate(state.at("learning_rate").get<double>());
  callbacks_.load_state(state.at("callbacks"));
  epoch_ = state.at("epoch").get<int>();
  const auto reason = state.at("stop_reason").get<std::string>();
  if (!reason.empty()) request_stop(reason);
  return epoch_;
}

}  // namespace fer
