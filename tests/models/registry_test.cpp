#include "models/registry.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <set>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "core/text.h"

namespace fer {
namespace {

TEST(Registry, RefusesAnUnknownModelAndListsTheKnown) {
  std::vector<std::string> names;
  for (const ModelEntry& entry : zoo()) names.emplace_back(entry.name);
  EXPECT_EQ(error_text([] { find_model("fernett"); }),
            "[models] expected one of " + join(names, ", ") +
                "; got 'fernett' (model.name). `ferbench models` lists them.");
  EXPECT_THROW(find_model(""), ConfigError);
  ModelConfig config;
  config.name = "fernett";
  EXPECT_THROW(make_model(config, {}, 1), ConfigError);
}

TEST(Registry, KnowsFernet) {
  const ModelEntry& fernet = find_model("fernet");
  EXPECT_STREQ(fernet.name, "fernet");
  EXPECT_EQ(fernet.reference_shape.channels, 1);
  EXPECT_EQ(fernet.reference_shape.image_size, 48);
  EXPECT_EQ(fernet.reference_shape.classes, 2);
}

TEST(Registry, HasNoNameTwice) {
  std::set<std::string> names;
  for (const ModelEntry& entry : zoo()) {
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_STRNE(entry.reference, "") << entry.name;
  }
}

TEST(Registry, EveryModelAnswersForItsReferenceShape) {
  for (const ModelEntry& entry : zoo()) {
    const ModelShape& shape = entry.reference_shape;
    ModelConfig config;
    config.name = entry.name;
    const ModelPtr model = make_model(config, shape, 1);
    model->eval();
    const torch::NoGradGuard guard;
    const torch::Tensor logits = model->forward(
        torch::zeros({2, shape.channels, shape.image_size, shape.image_size}));
    EXPECT_EQ(logits.sizes().vec(), (std::vector<int64_t>{2, shape.logits()}))
        << entry.name;
  }
}

TEST(ModelShape, NeedsOneLogitForTwoClasses) {
  EXPECT_EQ((ModelShape{1, 48, 2}.logits()), 1);
  EXPECT_EQ((ModelShape{1, 48, 3}.logits()), 3);
  EXPECT_EQ((ModelShape{1, 48, 7}.logits()), 7);
}

}  // namespace
}  // namespace fer
