#include <gtest/gtest.h>

#include "config/describe.h"
#include "config_text.h"

namespace fer {
namespace {

TEST(ConfigSchema, IsClosedAndKnowsExtends) {
  const Json schema = config_schema();
  EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema["additionalProperties"], false);
  EXPECT_EQ(schema["properties"]["train"]["additionalProperties"], false);
  EXPECT_TRUE(schema["properties"].contains("extends"));
}

TEST(ConfigSchema, CarriesTypeDefaultRangeAndHelp) {
  const Json train = config_schema()["properties"]["train"]["properties"];
  EXPECT_EQ(train["epochs"],
            (Json{{"title", "train.epochs"},
                  {"description", "Passes over the training images (epochs)"},
                  {"default", 30},
                  {"type", "integer"},
                  {"minimum", 1},
                  {"maximum", 100000}}));
  EXPECT_EQ(train["label_smoothing"]["exclusiveMaximum"], 1);
  EXPECT_EQ(train["device"]["enum"], Json::parse(R"(["auto", "cpu", "cuda"])"));
}

TEST(ConfigSchema, OptionalPartsMayBeNull) {
  const Json callbacks =
      config_schema()["properties"]["callbacks"]["properties"];
  const Json both = Json::parse(R"(["object", "null"])");
  EXPECT_EQ(callbacks["early_stopping"]["type"], both);
  EXPECT_EQ(callbacks["early_stopping"]["default"], nullptr);
  EXPECT_EQ(callbacks["tensorboard"]["default"], Json::object());
  EXPECT_EQ(callbacks["early_stopping"]["properties"]["baseline"]["type"],
            Json::parse(R"(["number", "null"])"));
}

TEST(ConfigSchema, ListsAndMapsDescribeTheirItems) {
  const Json data = config_schema()["properties"]["data"]["properties"];
  EXPECT_EQ(data["classes"]["items"]["type"], "string");
  EXPECT_EQ(data["relabel"]["additionalProperties"]["type"], "string");
  const Json dropout =
      config_schema()["properties"]["model"]["properties"]["dropout"];
  EXPECT_EQ(dropout["items"]["exclusiveMaximum"], 1);
}

void expect_rows(const SettingInfo& section, const std::string& prefix,
                 const std::string& page) {
  for (const SettingInfo& info : section.children) {
    const std::string name = prefix + info.name;
    if (info.kind == SettingInfo::Kind::kSection) {
      expect_rows(info, name + ".", page);
    } else {
      EXPECT_NE(page.find("| `" + name + "` | "), std::string::npos) << name;
    }
  }
}

TEST(ConfigMarkdown, HasARowForEverySetting) {
  expect_rows(config_info(), "", config_markdown());
}

TEST(ConfigMarkdown, RowsSayTypeDefaultRangeUnitAndMeaning) {
  const std::string page = config_markdown();
  EXPECT_NE(page.find("| `train.epochs` | integer | `30` | 1 to 100000 | "
                      "epochs | Passes over the training images |\n"),
            std::string::npos);
  EXPECT_NE(page.find("| `callbacks.early_stopping` | section or null | off |"),
            std::string::npos);
  EXPECT_NE(page.find("| `optimizer.epsilon` | number | `1e-07` | more than 0 "
                      "and at most 1 |"),
            std::string::npos);
}

}  // namespace
}  // namespace fer
