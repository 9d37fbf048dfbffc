#include "models/weight_names.h"

#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace {

constexpr const char* kStepCounter = "num_batches_tracked";  // of BatchNorm

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What `#` and `*` stand for in `name`; none: it does not fit.
std::optional<std::vector<std::string>> match(std::string_view pattern,
                                              std::string_view name) {
  std::vector<std::string> found;
  for (const char p : pattern) {
    if (p == '*') {
      found.emplace_back(name);
      return found;
    }
    size_t n = 1;
    if (p == '#') {
      for (n = 0; n < name.size() && is_digit(name[n]);) ++n;
      found.emplace_back(name.substr(0, n));
    }
    if (n == 0 || name.empty() || (p != '#' && name[0] != p)) return {};
    name.remove_prefix(n);
  }
  if (!name.empty()) return {};
  return found;
}

std::string fill(std::string_view pattern,
                 const std::vector<std::string>& found) {
  std::string name;
  size_t next = 0;
  for (const char p : pattern) {
    if (p == '#' || p == '*') {
      name += found.at(next++);
    } else {
      name += p;
    }
  }
  return name;
}

NameTable ferbench_table() {
  // A checkpoint holds more than the model, one of `ferbench pretrain` what
  // draws besides; bare names are fine too.
  return {{"model/decoder.*", ""},
          {"model/*", "*"},
          {"optimizer/*", ""},
          {"average/*", ""},
          {"random/*", ""},
          {"decoder.*", ""},
          {"*", "*"}};
}

// ResNets in torchvision and timm, the others in timm.
NameTable same_names() { return {{"*", "*"}}; }

NameTable torchvision_vit() {
  const std::string theirs = "encoder.layers.encoder_layer_#.";
  return {{"class_token", "cls_token"},
          {"encoder.pos_embedding", "pos_embed"},
          {"conv_proj.*", "patch_embed.proj.*"},
          {theirs + "ln_1.*", "blocks.#.norm1.*"},
          {theirs + "self_attention.in_proj_*", "blocks.#.attn.qkv.*"},
          {theirs + "self_attention.out_proj.*", "blocks.#.attn.proj.*"},
          {theirs + "ln_2.*", "blocks.#.norm2.*"},
          {theirs + "mlp.0.*", "blocks.#.mlp.fc1.*"},
          {theirs + "mlp.3.*", "blocks.#.mlp.fc2.*"},
          {theirs + "mlp.linear_1.*", "blocks.#.mlp.fc1.*"},  // before 0.13
          {theirs + "mlp.linear_2.*", "blocks.#.mlp.fc2.*"},
          {"encoder.ln.*", "norm.*"},
          {"heads.head.*", "head.*"}};
}

// The names of its files, then those that transformers 5 has in memory.
void add_hugging_face_blocks(NameTable& table, const std::string& root) {
  const std::string file = root + "encoder.layer.#.";
  const std::string memory = root + "layers.#.";
  const NameTable rows = {
      {file + "layernorm_before.*", "blocks.#.norm1.*"},
      {file + "attention.attention.query.*", "blocks.#.attn.qkv.*", 0},
      {file + "attention.attention.key.*", "blocks.#.attn.qkv.*", 1},
      {file + "attention.attention.value.*", "blocks.#.attn.qkv.*", 2},
      {file + "attention.output.dense.*", "blocks.#.attn.proj.*"},
      {file + "layernorm_after.*", "blocks.#.norm2.*"},
      {file + "intermediate.dense.*", "blocks.#.mlp.fc1.*"},
      {file + "output.dense.*", "blocks.#.mlp.fc2.*"},
      {memory + "layernorm_before.*", "blocks.#.norm1.*"},
      {memory + "attention.q_proj.*", "blocks.#.attn.qkv.*", 0},
      {memory + "attention.k_proj.*", "blocks.#.attn.qkv.*", 1},
      {memory + "attention.v_proj.*", "blocks.#.attn.qkv.*", 2},
      {memory + "attention.o_proj.*", "blocks.#.attn.proj.*"},
      {memory + "layernorm_after.*", "blocks.#.norm2.*"},
      {memory + "mlp.fc1.*", "blocks.#.mlp.fc1.*"},
      {memory + "mlp.fc2.*", "blocks.#.mlp.fc2.*"}};
  table.insert(table.end(), rows.begin(), rows.end());
}

// ViTForImageClassification; ViTModel's files lack the "vit." in front and
// have a pooler, which classifiers do not use.
NameTable hugging_face_vit() {
  NameTable table;
  for (const std::string root : {"vit.", ""}) {
    const NameTable rows = {
        {root + "embeddings.cls_token", "cls_token"},
        {root + "embeddings.position_embeddings", "pos_embed"},
        {root + "embeddings.patch_embeddings.projection.*",
         "patch_embed.proj.*"},
        {root + "layernorm.*", "norm.*"},
        {root + "pooler.dense.*", ""}};
    table.insert(table.end(), rows.begin(), rows.end());
    add_hugging_face_blocks(table, root);
  }
  table.push_back({"classifier.*", "head.*"});
  return table;
}

// Stage s is features.s there and blocks.(s - 1) here; the first has no
// expansion, so that its layers stand one place earlier.
void add_torchvision_stage(NameTable& table, int stage) {
  const bool expands = stage > 1;
  const std::string ours = fmt::format("blocks.{}.#.", stage - 1);
  int place = 0;
  const auto theirs = [&](const char* rest) {
    return fmt::format("features.{}.#.block.{}.{}", stage, place, rest);
  };
  const auto add_conv = [&](const std::string& conv, const std::string& norm) {
    table.push_back({theirs("0.*"), ours + conv});
    table.push_back({theirs("1.*"), ours + norm});
    ++place;
  };
  if (expands) add_conv("conv_pw.*", "bn1.*");
  add_conv("conv_dw.*", expands ? "bn2.*" : "bn1.*");
  table.push_back({theirs("fc1.*"), ours + "se.conv_reduce.*"});
  table.push_back({theirs("fc2.*"), ours + "se.conv_expand.*"});
  ++place;
  add_conv(expands ? "conv_pwl.*" : "conv_pw.*", expands ? "bn3.*" : "bn2.*");
}

NameTable torchvision_efficientnet() {
  NameTable table = {{"features.0.0.*", "conv_stem.*"},
                     {"features.0.1.*", "bn1.*"}};
  for (int stage = 1; stage <= 7; ++stage) add_torchvision_stage(table, stage);
  table.push_back({"features.8.0.*", "conv_head.*"});
  table.push_back({"features.8.1.*", "bn2.*"});
  table.push_back({"classifier.1.*", "classifier.*"});
  return table;
}

enum class Family { kResNet, kVit, kEfficientNet, kOther };

Family family_of(const std::string& model) {
  if (model.starts_with("resnet50v2")) return Family::kOther;
  if (model.starts_with("resnet")) return Family::kResNet;
  if (model.starts_with("vit_")) return Family::kVit;
  if (model.starts_with("efficientnet_")) return Family::kEfficientNet;
  return Family::kOther;
}

struct FamilyTable {
  Family family;
  WeightsLayout layout;
  NameTable (*make)();
};

constexpr FamilyTable kTables[] = {
    {Family::kResNet, WeightsLayout::kTorchvision, &same_names},
    {Family::kResNet, WeightsLayout::kTimm, &same_names},
    {Family::kVit, WeightsLayout::kTorchvision, &torchvision_vit},
    {Family::kVit, WeightsLayout::kTimm, &same_names},
    {Family::kVit, WeightsLayout::kHuggingFace, &hugging_face_vit},
    {Family::kEfficientNet, WeightsLayout::kTorchvision,
     &torchvision_efficientnet},
    {Family::kEfficientNet, WeightsLayout::kTimm, &same_names},
};

constexpr double kTorchNormEpsilon = 1e-5;
constexpr double kTimmVitEpsilon = 1e-6;
constexpr double kHuggingFaceEpsilon = 1e-12;

std::string other_vit(const ModelConfig& config, WeightsLayout layout) {
  const double theirs = layout == WeightsLayout::kHuggingFace
                            ? kHuggingFaceEpsilon
                            : kTimmVitEpsilon;
  if (config.vit.layer_norm_epsilon == theirs) return "";
  return fmt::format(
      "LayerNorm adds {} there, model.vit.layer_norm_epsilon is {}", theirs,
      config.vit.layer_norm_epsilon);
}

}  // namespace

NameTable name_table(const std::string& model, WeightsLayout layout) {
  if (layout == WeightsLayout::kFerbench) return ferbench_table();
  std::vector<std::string> known = {word(WeightsLayout::kFerbench)};
  for (const FamilyTable& table : kTables) {
    if (table.family != family_of(model)) continue;
    if (table.layout == layout) return table.make();
    known.emplace_back(word(table.layout));
  }
  fail<ConfigError>(
      "[weights] expected layout {} for {}; got {} (model.weights.layout). "
      "Nobody publishes this network in that layout: take another file.",
      join(known, " or "), model, word(layout));
}

std::optional<OurName> to_ours(const NameTable& table,
                               std::string_view theirs) {
  if (theirs.ends_with(kStepCounter)) return OurName{};
  for (const NameRule& rule : table) {
    const auto found = match(rule.theirs, theirs);
    if (!found) continue;
    if (rule.ours.empty()) return OurName{};
    return OurName{fill(rule.ours, *found), rule.part};
  }
  return {};
}

std::vector<std::string> to_theirs(const NameTable& table,
                                   std::string_view ours) {
  std::vector<std::string> names;
  for (const NameRule& rule : table) {
    const auto found = match(rule.ours, ours);
    if (!found || rule.ours.empty()) continue;
    if (rule.part < 0) return {fill(rule.theirs, *found)};
    if (rule.part == static_cast<int>(names.size()))
      names.push_back(fill(rule.theirs, *found));
  }
  return names;
}

std::string other_function(const ModelConfig& config, WeightsLayout layout) {
  const std::string& model = config.name;
  if (layout == WeightsLayout::kFerbench) return "";
  if (family_of(model) == Family::kVit) return other_vit(config, layout);
  if (model == "resnet50_keras") {
    return "Keras's ResNet50 has biases and its strides in the first 1x1 "
           "convolution, torchvision's and timm's have them in the 3x3 one";
  }
  if (model.starts_with("efficientnet_b3_")) {
    return "Keras's EfficientNet pads even sizes on one side and adds 1e-3 in "
           "BatchNorm, torchvision's and timm's do not";
  }
  if (config.stem == Stem::kSmall)
    return "model.stem: small keeps the size of the picture, their stem halves "
           "it";
  const double epsilon = config.batch_norm.epsilon;
  if (epsilon > 0 && epsilon != kTorchNormEpsilon) {
    return fmt::format(
        "BatchNorm adds {} there, model.batch_norm.epsilon is {}",
        kTorchNormEpsilon, epsilon);
  }
  return "";
}

}  // namespace fer
