#include "train/checkpoint.h"

#include <ATen/ATen.h>
#include <unistd.h>

#include "core/error.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

constexpr const char* kStateKey = "ferbench";

std::string shape_text(const torch::Tensor& tensor) {
  std::string text = "[";
  for (const int64_t n : tensor.sizes()) {
    text += (text.size() > 1 ? ", " : "") + std::to_string(n);
  }
  return text + "]";
}

void copy_into(const torch::Tensor& target, const TensorFile& file,
               const std::string& name) {
  const torch::Tensor& source = file.at(name);
  if (source.sizes() != target.sizes()) {
    fail<DataError>(
        "[checkpoint] expected '{}' of shape {}; got {}. The checkpoint "
        "belongs "
        "to another model.",
        name, shape_text(target), shape_text(source));
  }
  const torch::NoGradGuard guard;
  target.copy_(source);
}

// A second name for the old file, so that it survives its replacement.
void keep(const fs::path& path) {
  fs::path previous = path;
  previous.replace_extension(".previous.safetensors");
  fs::path temporary = previous;
  temporary += ".tmp";
  std::error_code ignored;
  fs::remove(temporary, ignored);
  fs::create_hard_link(path, temporary, ignored);
  if (!ignored) fs::rename(temporary, previous, ignored);
}

}  // namespace

fs::path CheckpointStore::path(const std::string& name) const {
  return folder_ / (name + ".safetensors");
}

bool CheckpointStore::exists(const std::string& name) const {
  return fs::exists(path(name));
}

void CheckpointStore::save(const std::string& name, TensorFile tensors,
                           const Json& state, bool keep_previous) const {
  tensors.metadata[kStateKey] = state.dump();
  tensors.metadata["format"] = "pt";
  if (keep_previous && exists(name)) keep(path(name));
  write_safetensors(path(name), tensors);
  write_json(folder_ / (name + ".json"), state);
}

CheckpointStore::Checkpoint CheckpointStore::load(
    const std::string& name) const {
  Checkpoint checkpoint{read_safetensors(path(name)), {}};
  const auto state = checkpoint.tensors.metadata.find(kStateKey);
  if (state == checkpoint.tensors.metadata.end()) {
    fail<DataError>(
        "[checkpoint] expected a checkpoint of ferbench; got weights alone "
        "({}). Name a run that `ferbench run` made.",
        path(name).string());
  }
  checkpoint.state = Json::parse(state->second, nullptr, false);
  if (!checkpoint.state.is_object()) {
    fail<DataError>(
        "[checkpoint] expected the state of training as JSON; got damaged text "
        "({}). Take another copy.",
        path(name).string());
  }
  return checkpoint;
}

CheckpointStore::Checkpoint CheckpointStore::load_or_previous(
    const std::string& name, std::string& warning) const {
  try {
    return load(name);
  } catch (const DataError& error) {
    const std::string previous = name + ".previous";
    if (!exists(previous)) throw;
    warning = fmt::format("{} Going on from the one before it.", error.what());
    return load(previous);
  }
}

void add_model(TensorFile& file, const Model& model) {
  for (const auto& [name, tensor] : named_tensors(model))
    file.tensors.emplace_back("model/" + name, tensor);
}

void load_model(const TensorFile& file, Model& model) {
  for (const auto& [name, tensor] : named_tensors(model))
    copy_into(tensor, file, "model/" + name);
}

}  // namespace fer
