#include "report/failures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Three happy faces, all taken for sad; a sad one taken for happy; a neutral
// one that is right.
Predictions five() {
  Predictions p;
  p.class_names = {"happy", "sad", "neutral"};
  p.ids = {"a", "c", "b", "d", "e"};
  p.labels = {0, 0, 0, 1, 2};
  p.predicted = {1, 1, 1, 0, 2};
  p.probabilities = {0.3, 0.6, 0.1, 0.1, 0.8, 0.1, 0.2, 0.8,
                     0.0, 0.5, 0.4, 0.1, 0.0, 0.1, 0.9};
  return p;
}

std::vector<std::string> ids(const ClassFailures& failures) {
  std::vector<std::string> names;
  for (const Failure& failure : failures.worst) names.push_back(failure.id);
  return names;
}

TEST(ConfidentFailures, ComeByClassTheSurestFirstEqualOnesById) {
  const auto found = confident_failures(five(), 2);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].images, 3u);
  EXPECT_EQ(found[0].wrong, 3u);
  EXPECT_THAT(ids(found[0]), ElementsAre("b", "c"));
  EXPECT_EQ(found[0].worst[0].predicted, 1u);
  EXPECT_EQ(found[0].worst[0].probability, 0.8);
  EXPECT_THAT(ids(found[1]), ElementsAre("d"));
  EXPECT_EQ(found[2].images, 1u);
  EXPECT_EQ(found[2].wrong, 0u);
  EXPECT_THAT(ids(found[2]), IsEmpty());
}

TEST(ConfidentFailures, AreJsonWithNames) {
  const Predictions p = five();
  const Json json = failures_json(confident_failures(p, 1), p.class_names);
  EXPECT_EQ(json.at(1), Json::parse(R"({"class": "sad", "images": 1,
    "wrong": 1, "worst": [{"id": "d", "predicted": "happy",
    "probability": 0.5}]})"));
  EXPECT_EQ(json.at(2).at("worst"), Json::array());
}

}  // namespace
}  // namespace fer
