#include <gtest/gtest.h>

#include "config/bind.h"
#include "config/reader.h"
#include "config_text.h"

namespace fer {
namespace {

/// Another valid value for every member, awkward ones among them.
template <class T>
void change(T& value, const Range& range) {
  if constexpr (Section<T>) {
    bind::for_each_field<T>(
        [&](const auto& f) { change(value.*f.member, f.range); });
  } else if constexpr (is_optional<T>) {
    change(value ? *value : value.emplace(), range);
  } else if constexpr (bind::is_vector<T>) {
    value.resize(2);
    for (auto& item : value) change(item, range);
  } else if constexpr (bind::is_map<T>) {
    change(value["a: b"], range);
  } else if constexpr (std::is_enum_v<T>) {
    value = static_cast<T>(value == T{} ? 1 : 0);
  } else if constexpr (std::is_same_v<T, bool>) {
    value = !value;
  } else if constexpr (std::is_integral_v<T>) {
    value += value + 1 <= range.high ? 1 : -1;
  } else if constexpr (std::is_floating_point_v<T>) {
    const double low = std::max(range.low, 0.0);
    const double high = std::min(range.high, 1.0);
    value = low + (high - low) * (0.1 + 0.2);  // 17 digits
  } else {
    value = "null \"x\": \\ # \xc3\xa4 ${HOME} $${A}\n\t'";
  }
}

/// Member by member, without the code under test.
template <class T>
bool equal(const T& a, const T& b) {
  if constexpr (Section<T>) {
    bool same = true;
    bind::for_each_field<T>(
        [&](const auto& f) { same &= equal(a.*f.member, b.*f.member); });
    return same;
  } else if constexpr (is_optional<T>) {
    return a.has_value() == b.has_value() && (!a || equal(*a, *b));
  } else {
    return a == b;
  }
}

/// Reads without the checks between settings, which a changed Config fails.
Config read_back(const std::string& yaml) {
  Faults faults;
  Reader reader(faults);
  Config config;
  bind::from_json(reader.read(parse_tree(yaml, "x.yaml", faults)), config);
  faults.raise();
  return config;
}

size_t count_settings(const SettingInfo& section) {
  size_t n = 0;
  for (const SettingInfo& info : section.children) {
    n += info.kind == SettingInfo::Kind::kSection ? count_settings(info) : 1;
  }
  return n;
}

TEST(ToYaml, DefaultsReadBackToTheSameStructs) {
  const Config config;
  EXPECT_TRUE(equal(config, read_back(to_yaml(config))));
  EXPECT_EQ(to_yaml(parse_config(to_yaml(config))), to_yaml(config));
}

TEST(ToYaml, EveryMemberSurvivesTheWayThroughYaml) {
  Config config;
  change(config, {});
  const Config back = read_back(to_yaml(config));
  EXPECT_TRUE(equal(config, back))
      << different_settings(config, back).front() << "\n"
      << to_yaml(config);
  EXPECT_EQ(to_yaml(back), to_yaml(config));
}

TEST(ToYaml, ChangeReachesEverySetting) {
  Config config;
  // On in both, so that different_settings() goes into them.
  config.callbacks.early_stopping = EarlyStoppingConfig{};
  config.callbacks.reduce_lr_on_plateau = ReduceLrOnPlateauConfig{};
  config.callbacks.ema = EmaConfig{};
  config.model.weights = WeightsConfig{};
  Config changed = config;
  change(changed, {});
  EXPECT_EQ(different_settings(config, changed).size(),
            count_settings(config_info()));
  EXPECT_FALSE(equal(config, changed));
}

TEST(ToYaml, OffIsNullAndEmptyPartsAreBraces) {
  const std::string yaml = to_yaml(Config{});
  EXPECT_NE(yaml.find("\n  early_stopping: null\n"), std::string::npos);
  EXPECT_NE(yaml.find("\n  tensorboard: {}\n"), std::string::npos);
}

TEST(ToYaml, EachSettingStandsUnderItsHelp) {
  const std::string yaml = to_yaml(Config{});
  EXPECT_NE(yaml.find("  # Passes over the training images; 1 to 100000 "
                      "epochs\n  epochs: 30\n"),
            std::string::npos);
  EXPECT_NE(yaml.find("  # The update rule; adam, adamw or sgd\n"
                      "  name: adam\n"),
            std::string::npos);
}

TEST(ToYaml, NumbersAreTheShortestThatReadBack) {
  Config config;
  config.optimizer.learning_rate = 0.1 + 0.2;
  config.optimizer.epsilon = 1e-7;
  const std::string yaml = to_yaml(config);
  EXPECT_NE(yaml.find("learning_rate: 0.30000000000000004\n"),
            std::string::npos);
  EXPECT_NE(yaml.find("epsilon: 1e-07\n"), std::string::npos);
}

TEST(ToYaml, WordsThatYamlWouldMistakeAreQuoted) {
  Config config;
  config.data.classes = {"no", "True", "null", "1", "a b", "", "happy", "x"};
  EXPECT_NE(to_yaml(config).find("classes: [\"no\", \"True\", \"null\", \"1\", "
                                 "\"a b\", \"\", happy, x]"),
            std::string::npos);
}

TEST(DifferentSettings, NamesWhatDiffers) {
  Config a, b;
  EXPECT_TRUE(different_settings(a, b).empty());
  b.train.epochs = 3;
  b.data.split.seed = 1;
  b.callbacks.ema = EmaConfig{};
  EXPECT_EQ(different_settings(a, b),
            (std::vector<std::string>{"data.split.seed", "train.epochs",
                                      "callbacks.ema"}));
}

}  // namespace
}  // namespace fer
