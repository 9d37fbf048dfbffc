#include "models/weights.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <map>

#include "config/faults.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/text.h"
#include "models/weight_names.h"

namespace fer {
namespace {

constexpr size_t kShownNames = 5;

// A file's tensors by our names.
struct Found {
  std::map<std::string, NamedTensor> tensors;
  std::vector<std::string> left_over;
};

// Queries, keys and values of one of our tensors.
using Parts = std::array<NamedTensor, 3>;

[[noreturn]] void twice(const std::string& ours, const std::string& one,
                        const std::string& other) {
  fail<DataError>(
      "[weights] expected one tensor for {}; got {} and {}. The file mixes two "
      "ways of naming: save it anew.",
      in_quotes(ours), in_quotes(one), in_quotes(other));
}

void add(Found& found, const std::string& ours, const NamedTensor& theirs) {
  const auto [at, is_new] = found.tensors.try_emplace(ours, theirs);
  if (!is_new) twice(ours, at->second.name, theirs.name);
}

NamedTensor joined(const std::string& ours, const Parts& parts) {
  std::vector<torch::Tensor> tensors;
  for (const NamedTensor& part : parts) {
    const torch::Tensor& first = parts[0].tensor;
    if (!part.tensor.defined() || !first.defined()) {
      fail<DataError>(
          "[weights] expected queries, keys and values for {}; got some of "
          "them. The file is not whole: take another.",
          in_quotes(ours));
    }
    if (part.tensor.dim() == 0 || part.tensor.sizes() != first.sizes() ||
        part.tensor.scalar_type() != first.scalar_type()) {
      fail<DataError>(
          "[weights] expected {} and {} of one shape and type; got {} and {}. "
          "The file is damaged: take another.",
          in_quotes(parts[0].name), in_quotes(part.name), shape_words(first),
          shape_words(part.tensor));
    }
    tensors.push_back(part.tensor);
  }
  return {parts[0].name, at::cat(tensors)};
}

Found find_tensors(const TensorFile& file, const NameTable& table) {
  Found found;
  std::map<std::string, Parts> parts;
  for (const auto& [theirs, tensor] : file.tensors) {
    const auto ours = to_ours(table, theirs);
    if (!ours) {
      found.left_over.push_back(theirs);
    } else if (ours->part >= 0) {
      NamedTensor& part = parts[ours->name].at(static_cast<size_t>(ours->part));
      if (part.tensor.defined()) twice(ours->name, part.name, theirs);
      part = {theirs, tensor};
    } else if (!ours->name.empty()) {
      add(found, ours->name, {theirs, tensor});
    }
  }
  for (const auto& [ours, three] : parts) add(found, ours, joined(ours, three));
  return found;
}

// A head of another size, or half a head, is no head.
bool has_other_head(const NamedTensors& model, const Found& found) {
  for (const auto& [name, target] : model) {
    if (!is_head(name)) continue;
    const auto at = found.tensors.find(name);
    if (at == found.tensors.end()) return true;
    if (other_classes(target, at->second.tensor)) return true;
  }
  return false;
}

std::string stem_of(const NamedTensors& model) {
  for (const auto& [name, tensor] : model) {
    if (tensor.dim() == 4) return name;
  }
  return "";
}

struct Assignment {
  torch::Tensor target, value;
};

// What goes where; nothing is changed yet.
std::vector<Assignment> assign(const NamedTensors& model, Found& found,
                               WeightsReport& report) {
  std::vector<Assignment> assignments;
  const std::string stem = stem_of(model);
  const bool other_head = has_other_head(model, found);
  for (const auto& [name, target] : model) {
    const auto at = found.tensors.find(name);
    const bool replaced = other_head && is_head(name);
    if (at == found.tensors.end() || replaced) {
      report.fresh.push_back(name);
    } else {
      const NamedTensor& theirs = at->second;
      const Fitted fitted = fit_tensor({name, target}, theirs, name == stem);
      assignments.push_back({target, fitted.value});
      report.loaded.push_back(name);
      if (fitted.change != Change::kNone) {
        report.changed.push_back({name, shape_words(theirs.tensor),
                                  shape_words(target), fitted.change});
      }
    }
    if (at != found.tensors.end()) found.tensors.erase(at);
  }
  report.left_over = found.left_over;
  for (const auto& [ours, theirs] : found.tensors)
    report.left_over.push_back(theirs.name);
  return assignments;
}

// "3 ("a", "b", ...)".
std::string some(const std::vector<std::string>& names) {
  std::string text = std::to_string(names.size());
  for (size_t i = 0; i < std::min(names.size(), kShownNames); ++i)
    text += (i == 0 ? " (" : ", ") + in_quotes(names[i]);
  if (names.size() > kShownNames) text += ", ...";
  return names.empty() ? text : text + ")";
}

void require_function(const ModelConfig& config, const WeightsReport& report) {
  if (!config.weights->strict || report.other_function.empty()) return;
  fail<ConfigError>(
      "[weights] expected weights of the same function as {}; got {}'s: {} "
      "({}). Mend that setting or take another model; model.weights.strict: "
      "false loads what fits.",
      config.name, word(report.layout), report.other_function,
      report.file.string());
}

void require_all(const ModelConfig& config, const WeightsReport& report) {
  if (report.loaded.empty()) {
    fail<DataError>(
        "[weights] expected tensors of {} in layout {}; got none, but {} "
        "others ({}). Check model.name and model.weights.layout.",
        config.name, word(report.layout), some(report.left_over),
        report.file.string());
  }
  if (!config.weights->strict) return;
  std::vector<std::string> missing;
  for (const std::string& name : report.fresh)
    if (!is_head(name)) missing.push_back(name);
  if (missing.empty() && report.left_over.empty()) return;
  fail<DataError>(
      "[weights] expected every tensor of {} and no other; got {} missing and "
      "{} left over ({}). Check model.name and model.weights.layout; "
      "model.weights.strict: false loads what is there.",
      config.name, some(missing), some(report.left_over), report.file.string());
}

std::string list_line(const char* title,
                      const std::vector<std::string>& names) {
  return names.empty() ? "" : fmt::format("; {}: {}", title, some(names));
}

}  // namespace

WeightsReport load_weights(const ModelConfig& config, Model& model) {
  const WeightsConfig& weights = config.weights.value();
  const NameTable table = name_table(config.name, weights.layout);
  WeightsReport report{.file = weights.file,
                       .sha256 = {},
                       .layout = weights.layout,
                       .other_function = other_function(config, weights.layout),
                       .loaded = {},
                       .fresh = {},
                       .left_over = {},
                       .changed = {}};
  require_function(config, report);
  Found found = find_tensors(read_safetensors(weights.file), table);
  const auto assignments = assign(named_tensors(model), found, report);
  require_all(config, report);
  report.sha256 = sha256(MappedFile(weights.file).bytes());
  const torch::NoGradGuard guard;
  for (const auto& [target, value] : assignments) target.copy_(value);
  return report;
}

std::string report_line(const WeightsReport& report) {
  std::vector<std::string> changed;
  for (const auto& item : report.changed) changed.push_back(item.name);
  return fmt::format(
      "weights: {} of {} tensors from {} ({}){}{}{}{}", report.loaded.size(),
      report.loaded.size() + report.fresh.size(),
      report.file.filename().string(), word(report.layout),
      list_line("new", report.fresh), list_line("fitted", changed),
      list_line("left over", report.left_over),
      report.other_function.empty()
          ? ""
          : "; not the same network: " + report.other_function);
}

Json report_json(const WeightsReport& report) {
  Json changed = Json::array();
  for (const auto& item : report.changed) {
    changed.push_back({{"name", item.name},
                       {"from", item.from},
                       {"to", item.to},
                       {"how", words(item.change)}});
  }
  return {{"file", report.file.string()},
          {"sha256", report.sha256},
          {"layout", word(report.layout)},
          {"other_function", report.other_function.empty()
                                 ? Json(nullptr)
                                 : Json(report.other_function)},
          {"changed", changed},
          {"new", report.fresh},
          {"left_over", report.left_over},
          {"loaded", report.loaded}};
}

TensorFile in_layout(const Model& model, const ModelConfig& config,
                     WeightsLayout layout) {
  const NameTable table = name_table(config.name, layout);
  TensorFile file;
  file.metadata["format"] = "pt";
  for (const auto& [name, tensor] : named_tensors(model)) {
    const auto names = to_theirs(table, name);
    const auto parts = tensor.detach().chunk(
        static_cast<int64_t>(std::max<size_t>(1, names.size())));
    for (size_t i = 0; i < names.size(); ++i)
      file.tensors.emplace_back(names[i], parts[i]);
  }
  return file;
}

}  // namespace fer
