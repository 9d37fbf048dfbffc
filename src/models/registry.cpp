#include "models/registry.h"

#include <vector>

#include "core/error.h"
#include "core/text.h"
#include "models/efficientnet.h"
#include "models/fernet.h"
#include "models/initialise.h"
#include "models/plain_cnn.h"
#include "models/resnet.h"
#include "models/vit.h"

namespace fer {
namespace {

template <class M>
ModelPtr make(const ModelConfig& config, const ModelShape& shape) {
  return std::make_shared<M>(config, shape);
}

const ModelEntry kZoo[] = {
    {"fernet", &make<Fernet>, {1, 48, 2}, "Fernet report, chapter 5 (Keras)"},
    {"resnet18", &make_resnet18, {3, 224, 7}, "torchvision resnet18"},
    {"resnet34", &make_resnet34, {3, 224, 7}, "torchvision resnet34"},
    {"resnet50", &make_resnet50, {3, 224, 7}, "torchvision resnet50 (v1.5)"},
    {"resnet50_keras",
     &make_resnet50_keras,
     {3, 48, 2},
     "Keras ResNet50 (v1), no top, maximum pooling"},
    {"resnet50v2",
     &make_resnet50v2,
     {3, 224, 7},
     "Keras ResNet50V2, no top, mean pooling"},
    {"vit_b16",
     &make_vit_b16,
     {3, 224, 7},
     "timm vit_base_patch16_224, Hugging Face ViT"},
    {"vit_s16", &make_vit_s16, {3, 224, 7}, "timm vit_small_patch16_224"},
    {"vit_tiny", &make_vit_tiny, {3, 224, 7}, "timm vit_tiny_patch16_224"},
    {"efficientnet_b0",
     &make_efficientnet_b0,
     {3, 224, 7},
     "timm and torchvision efficientnet_b0"},
    {"efficientnet_b3",
     &make_efficientnet_b3,
     {3, 300, 7},
     "timm and torchvision efficientnet_b3"},
    {"efficientnet_b3_keras",
     &make_efficientnet_b3_keras,
     {3, 300, 7},
     "Keras EfficientNetB3"},
    {"efficientnet_b3_fer",
     &make_efficientnet_b3_fer,
     {3, 300, 7},
     "source 001: Keras EfficientNetB3, head not fully specified"},
    {"vgg16_bn_fer", &make_vgg16_bn_fer, {1, 48, 7}, "source 002"},
    {"cnn50", &make_cnn50, {1, 50, 4}, "source 003, not fully specified"},
    {"cnn48", &make_cnn48, {1, 48, 7}, "source 004, not fully specified"},
};

}  // namespace

std::span<const ModelEntry> zoo() { return kZoo; }

const ModelEntry& find_model(const std::string& name) {
  std::vector<std::string> names;
  for (const ModelEntry& entry : kZoo) {
    if (name == entry.name) return entry;
    names.emplace_back(entry.name);
  }
  fail<ConfigError>(
      "[models] expected one of {}; got '{}' (model.name). `ferbench models` "
      "lists them.",
      join(names, ", "), name);
}

ModelPtr make_model(const ModelConfig& config, const ModelShape& shape,
                    uint64_t seed) {
  ModelPtr model = find_model(config.name).make(config, shape);
  initialise(*model, config.initialiser, seed);
  return model;
}

}  // namespace fer
