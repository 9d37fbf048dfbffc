#include "models/registry.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <set>

#include "core/error.h"
#include "core/temporary_folder.h"
#include "core/text.h"
#include "open_batch.h"

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

// Reference shapes run in `ferbench models`: tests/cli/looking_test.cpp.
TEST(Registry, EveryModelIsTracedForEveryBatchSize) {
  for (const ModelEntry& entry : zoo()) {
    ModelConfig config;
    config.name = entry.name;
    const ModelPtr model = entry.make(config, {1, 32, 7});
    EXPECT_EQ(traced_logits(*model, torch::zeros({3, 1, 32, 32})).sizes().vec(),
              (std::vector<int64_t>{3, 7}))
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
