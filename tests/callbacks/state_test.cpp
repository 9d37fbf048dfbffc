#include "callbacks/state.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "mock_context.h"

namespace fer {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(State, CarriesEveryDoubleThroughJsonText) {
  for (const double value :
       {0.0, 0.1, -1.0 / 3, 5e-324, 1.7e308, kInfinity, -kInfinity}) {
    const Json read = Json::parse(number_to_state(value).dump());
    EXPECT_EQ(number_from_state(read, "x", "best"), value);
  }
  const Json read = Json::parse(number_to_state(std::nan("")).dump());
  EXPECT_TRUE(std::isnan(number_from_state(read, "x", "best")));
}

TEST(State, KeepsNothingAsNull) {
  const Json state = {{"best", number_to_state(std::optional<double>())}};
  EXPECT_EQ(state.dump(), R"({"best":null})");
  EXPECT_EQ(StateReader("x", state).number("best"), std::nullopt);
}

TEST(State, NamesTheCallbackAndTheMissingKey) {
  const Json state = {{"best", 1.0}};
  const StateReader reader("early_stopping", state);
  EXPECT_EQ(error_of<DataError>([&] { reader.integer("wait"); }),
            "[early_stopping] expected 'wait' in the saved state; got none. "
            "The checkpoint is damaged or of another version: start a new "
            "run.");
}

TEST(State, NamesTheTypeItExpected) {
  const Json state = {{"a", "x"}, {"b", -1}, {"c", 1.5}, {"d", 3000000000}};
  const StateReader reader("ema", state);
  const std::string end =
      " The checkpoint is damaged or of another version: start a new run.";
  const auto text = [&](auto read) { return error_of<DataError>(read); };
  EXPECT_EQ(
      text([&] { reader.number("a"); }),
      "[ema] expected a number as 'a' in the saved state; got \"x\"." + end);
  EXPECT_EQ(text([&] { reader.integer("b"); }),
            "[ema] expected a count as 'b' in the saved state; got -1." + end);
  EXPECT_EQ(text([&] { reader.integer("c"); }),
            "[ema] expected a count as 'c' in the saved state; got 1.5." + end);
  EXPECT_EQ(text([&] { reader.integer("d"); }),
            "[ema] expected a count as 'd' in the saved state; got "
            "3000000000." +
                end);
  EXPECT_EQ(
      text([&] { reader.flag("b"); }),
      "[ema] expected true or false as 'b' in the saved state; got -1." + end);
  EXPECT_EQ(text([&] { reader.text("b"); }),
            "[ema] expected a text as 'b' in the saved state; got -1." + end);
  EXPECT_EQ(text([&] { reader.array("b"); }),
            "[ema] expected a list as 'b' in the saved state; got -1." + end);
}

TEST(State, RefusesAStateThatIsNoObject) {
  const Json state = Json::array({1});
  EXPECT_EQ(error_of<DataError>([&] { StateReader("history", state); }),
            "[history] expected an object as the saved state; got [1]. The "
            "checkpoint is damaged or of another version: start a new run.");
}

}  // namespace
}  // namespace fer
