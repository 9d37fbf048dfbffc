#include "train/layer_depth.h"

#include <algorithm>
#include <cmath>
#include <regex>

namespace fer {
namespace {

// timm's matchers; patterns match from the start of a name. `behind`: what
// stands behind the last block and belongs to it.
struct Family {
  const char* model;  // how the names of the family's models begin
  const char* stem;
  const char* block;
  const char* behind;
};

constexpr Family kFamilies[] = {
    {"vit_", "cls_token|pos_embed|patch_embed", R"(blocks\.\d+)", "norm"},
    {"resnet", "conv1|bn1", R"(layer\d+\.\d+)", "post_bn"},
    {"efficientnet_", "conv_stem|bn1", R"(blocks\.\d+\.\d+)", "conv_head|bn2"}};

// The part of `name` that `pattern` matches from its start, or "".
std::string match(const std::string& name, const char* pattern) {
  std::smatch found;
  const bool matches = std::regex_search(
      name, found, std::regex(pattern), std::regex_constants::match_continuous);
  return matches ? found.str() : "";
}

// Parameters stand in the order of the forward pass, so a block whose name
// differs from the one before opens a layer.
std::vector<int> depths_of(const Family& family,
                           const NamedTensors& parameters) {
  std::vector<int> depths;
  std::string block;
  int depth = 0;
  for (const auto& item : parameters) {
    const std::string& name = item.first;
    const std::string found = match(name, family.block);
    if (!found.empty()) {
      if (found != block) ++depth;
      block = found;
      depths.push_back(depth);
    } else if (!match(name, family.stem).empty()) {
      depths.push_back(0);
    } else {
      const bool behind = !match(name, family.behind).empty();
      depths.push_back(behind ? depth : depth + 1);
    }
  }
  return depths;
}

std::vector<int> depths_in_order(const NamedTensors& parameters) {
  std::vector<int> depths;
  int depth = -1;
  for (const auto& item : parameters) {
    if (item.second.dim() > 1) ++depth;
    depths.push_back(std::max(depth, 0));
  }
  return depths;
}

}  // namespace

std::vector<int> layer_depths(const std::string& model,
                              const NamedTensors& parameters) {
  for (const Family& family : kFamilies) {
    if (model.starts_with(family.model)) return depths_of(family, parameters);
  }
  return depths_in_order(parameters);
}

std::vector<double> layer_scales(const std::vector<int>& depths, double decay) {
  const int deepest = *std::ranges::max_element(depths);
  std::vector<double> scales;
  for (const int depth : depths)
    scales.push_back(std::pow(decay, deepest - depth));
  return scales;
}

}  // namespace fer
