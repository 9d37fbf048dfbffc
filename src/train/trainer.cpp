#include "train/trainer.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include "core/error.h"
#include "core/stopwatch.h"
#include "core/terminal.h"
#include "cuda/backend.h"
#include "train/device.h"
#include "train/interrupt.h"

namespace fer {
namespace {

const std::string kAverage = "average/";

Task placed(Task task, const torch::Device& device, bool channels_last) {
  place_model(*task.model, device, channels_last);
  return task;
}

// A GPU waits for nobody unless a number is read: not in every step.
constexpr int64_t kStepsBetweenReadings = 20;

// A step cannot be recorded on the stream on which a program begins.
torch::Device prepared(const TrainConfig& config) {
  const torch::Device device = choose_device(config.device);
  if (device.is_cuda() && config.cuda_graph)
    cuda_module().leave_default_stream();
  return device;
}

at::Generator generator(const torch::Device& device) {
  return at::globalContext().defaultGenerator(device);
}

// Of the generator's state in a checkpoint. That of another kind of device says
// nothing to this one: there training goes on with numbers from the seed.
std::string random_name(const torch::Device& device) {
  return device.is_cuda() ? "random/cuda" : "random/cpu";
}

void require_whole(const Json& state, const std::filesystem::path& path) {
  for (const char* key : {"epoch", "learning_rate", "optimizer_steps",
                          "stop_reason", "callbacks"}) {
    if (state.contains(key)) continue;
    fail<DataError>(
        "[checkpoint] expected the whole state of a training; got weights "
        "without '{}' ({}). Put checkpoints/last back, or start a new run "
        "from these weights (model.weights).",
        key, path.string());
  }
}

}  // namespace

Trainer::Trainer(const Config& config, const ImageSet& images,
                 const Split& split, std::filesystem::path run_dir, bool quiet)
    : Trainer(classification_task(config, images, split), config, images, split,
              std::move(run_dir), quiet) {}

Trainer::Trainer(Task task, const Config& config, const ImageSet& images,
                 const Split& split, std::filesystem::path run_dir, bool quiet)
    : config_(config),
      run_dir_(std::move(run_dir)),
      quiet_(quiet),
      device_(prepared(config.train)),
      task_(placed(std::move(task), device_, config.train.channels_last)),
      model_(task_.model),
      fine_tune_(task_.fine_tune, config.model.name, *model_,
                 config.train.epochs),
      optimizer_(config.optimizer, named_parameters(*model_),
                 fine_tune_.rate_scales()),
      resident_(
          DeviceImages::place(images, device_, config.train.channels_last)),
      train_(images, split.train, config.train.batch_size, device_, resident_),
      val_(images, split.val, config.evaluate.batch_size, device_, resident_),
      engine_(*model_, optimizer_, std::move(task_.objective), config.train,
              device_),
      store_(run_dir_ / "checkpoints"),
      callbacks_(make_callbacks(config, quiet)) {
  train_.hide_patches(task_.patches);
  val_.hide_patches(task_.patches);
  // Here, so that bad weights refuse the run before it has a folder.
  if (config.model.weights && !is_saved())
    started_from_ = fer::load_weights(config.model, *model_);
  if (!device_.is_cuda()) return;
  say(describe_data(resident_.get(), images));
  if (config.train.cuda_graph)
    engine_.record_steps(
        [] { return std::unique_ptr<CudaGraph>(cuda_module().new_graph()); },
        &train_);
}

TrainResult Trainer::train(bool resume) {
  const InterruptGuard interrupt;
  const auto begin = Stopwatch::now();
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
  RunningMetrics trained, scored;
  begin_first_epoch();
  engine_.train(train_.get(0), /*last=*/true, trained);
  engine_.score(val_.get(0), scored);
  return fmt::format(
      "one step of {} images: loss {:.4f}; one batch of {} scored: loss {:.4f}",
      trained.samples, trained.loss(), scored.samples, scored.loss());
}

void Trainer::begin_first_epoch() {
  train_.begin_epoch(static_cast<uint64_t>(config_.experiment.seed), 1,
                     augment_settings(config_.augment));
  fine_tune_.begin_epoch(1);
}

int64_t Trainer::practise(int64_t i, RunningMetrics& metrics) {
  if (i == 0) begin_first_epoch();
  return engine_.train(train_, i % train_.count(), metrics);
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

void Trainer::report_refusal() {
  const std::string why = engine_.graph_refusal();
  if (why.empty() || refusal_said_) return;
  refusal_said_ = true;
  say(fmt::format("train.cuda_graph: steps are taken one by one; {}", why));
}

// False when a callback stopped the run inside an epoch.
bool Trainer::run_epochs(int first) {
  const AugmentSettings augment = augment_settings(config_.augment);
  for (int epoch = first; epoch <= epochs() && !stop_requested(); ++epoch) {
    const auto begin = Stopwatch::now();
    callbacks_.on_epoch_begin(*this, epoch);
    EpochLogs logs{.epoch = epoch, .learning_rate = learning_rate()};
    train_.begin_epoch(static_cast<uint64_t>(config_.experiment.seed),
                       static_cast<uint32_t>(epoch), augment);
    RunningMetrics metrics;
    if (!run_steps(epoch, metrics)) return false;
    report_refusal();
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
          "with: ferbench {} {}/config.yaml --resume --out {}",
          epoch, epochs(), task_.verb, run_dir_.string(), run_dir_.string());
    }
  }
  return true;
}

// False when a callback stopped the run inside the epoch.
bool Trainer::run_steps(int epoch, RunningMetrics& metrics) {
  if (const auto line = fine_tune_.begin_epoch(epoch); !line.empty()) {
    say(line);
    engine_.layers_changed();
  }
  const int64_t steps = train_.count();
  StepLogs logs{.steps = static_cast<int>(steps)};
  int64_t next_reading = 0;
  for (int64_t i = 0; i < steps;) {
    const int64_t moved = optimizer_.steps();
    i += engine_.train(train_, i, metrics);
    logs.moves = static_cast<int>(optimizer_.steps() - moved);
    logs.step = static_cast<int>(i);
    if (!device_.is_cuda() || i == steps || i > next_reading) {
      logs.loss = metrics.loss();
      logs.accuracy = metrics.accuracy();
      next_reading = i + kStepsBetweenReadings - 1;
    }
    callbacks_.on_step_end(*this, logs);
    if (stop_requested()) return false;
    if (InterruptGuard::requested()) {
      fail<Interrupted>(
          "[train] interrupted in epoch {} of {}; the state after epoch {} is "
          "saved. Go on with: ferbench {} {}/config.yaml --resume --out {}",
          epoch, epochs(), epoch - 1, task_.verb, run_dir_.string(),
          run_dir_.string());
    }
  }
  return true;
}

RunningMetrics Trainer::validate() {
  RunningMetrics metrics;
  for (int64_t i = 0; i < val_.count(); ++i)
    engine_.score(val_.get(i), metrics);
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
  file.tensors.emplace_back(random_name(device_),
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
  require_whole(state, store_.path("last"));
  load_model(tensors, *model_);
  load_average(tensors);
  NamedTensors optimizer;
  for (const auto& [name, tensor] : tensors.tensors) {
    if (name.starts_with("optimizer/"))
      optimizer.emplace_back(name.substr(10), tensor);
    if (name == random_name(device_)) generator(device_).set_state(tensor);
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
