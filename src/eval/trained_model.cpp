#include "eval/trained_model.h"

#include <utility>

#include "core/error.h"
#include "core/json.h"
#include "models/registry.h"
#include "train/checkpoint.h"

namespace fer {
namespace {

std::vector<std::string> audited_classes(const RunFolder& run) {
  std::vector<std::string> names;
  const Json audit = read_json(run.path() / "audit.json");
  if (audit.contains("class_counts") && !audit["class_counts"].empty()) {
    for (const auto& item : audit["class_counts"].front().items())
      names.push_back(item.key());
  }
  if (names.size() >= 2) return names;
  fail<DataError>(
      "[run] expected the classes in class_counts; got {} of them "
      "({}/audit.json). The file was changed: run the experiment again.",
      names.size(), run.path().string());
}

// A masked autoencoder has a decoder where others have a head.
void refuse_autoencoder(const RunFolder& run, const TensorFile& tensors) {
  for (const auto& [name, tensor] : tensors.tensors) {
    if (!name.starts_with("model/decoder.")) continue;
    fail<DataError>(
        "[run] expected a run that learned classes; got one of `ferbench "
        "pretrain` ({0}). Start a run from its weights: ferbench run "
        "EXPERIMENT -s model.weights.file={0}/checkpoints/best.safetensors",
        run.path().string());
  }
}

}  // namespace

std::string chosen_checkpoint(const RunFolder& run) {
  const CheckpointStore store(run.checkpoints());
  const bool best = run.config().evaluate.checkpoint == CheckpointKind::kBest;
  for (const std::string name : {best ? "best" : "last", "last"}) {
    if (store.exists(name)) return name;
  }
  fail<DataError>(
      "[run] expected a checkpoint; got none ({}). Train first: `ferbench "
      "run`.",
      run.checkpoints().string());
}

TrainedModel open_trained(const RunFolder& run,
                          std::vector<std::string> class_names) {
  const Config& config = run.config();
  const CheckpointStore store(run.checkpoints());
  TrainedModel trained;
  trained.checkpoint = chosen_checkpoint(run);
  trained.class_names =
      class_names.empty() ? audited_classes(run) : std::move(class_names);
  trained.shape = {config.data.channels, config.data.image_size,
                   static_cast<int64_t>(trained.class_names.size())};
  trained.model = make_model(config.model, trained.shape, 0);
  const auto checkpoint = store.load(trained.checkpoint);
  refuse_autoencoder(run, checkpoint.tensors);
  trained.epoch = checkpoint.state.value("epoch", int64_t{0});
  load_model(checkpoint.tensors, *trained.model);
  trained.model->eval();
  return trained;
}

}  // namespace fer
