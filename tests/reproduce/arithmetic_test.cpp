#include "reproduce/arithmetic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/json.h"

namespace fer {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Verdict = ArithmeticCheck::Verdict;

const std::vector<Published>& kept() {
  static const auto all = read_published_folder(
      std::filesystem::path(FERBENCH_SOURCE_DIR) / "results" / "published");
  return all;
}

ArithmeticCheck check(size_t source, const std::string& table,
                      const std::string& model, const std::string& set,
                      const std::string& positive) {
  for (const PublishedClaim& claim : kept()[source].claims) {
    if (claim.table == table && claim.model == model && claim.set == set &&
        claim.positive == positive)
      return check_claim(kept()[source], claim);
  }
  return {};
}

/// Counts from tests/reference/published_tables.py.
const Json& reference() {
  static const Json json =
      read_json(std::filesystem::path(FERBENCH_SOURCE_DIR) / "tests" /
                "reference" / "published_tables.json");
  return json;
}

TEST(CheckClaim, FindsTheTablesThatTheReferenceFinds) {
  const std::pair<const char*, const char*> rows[] = {
      {"Table 6.1", "fernet"},
      {"Table 6.2", "resnet50"},
      {"Table 7.1", "fernet_tuned"}};
  for (const auto& [table, model] : rows) {
    const ArithmeticCheck found = check(0, table, model, "test", "sad");
    ASSERT_TRUE(found.counts) << model;
    const Json& expected = reference().at(model);
    EXPECT_EQ(found.verdict, Verdict::kPossible);
    EXPECT_EQ(found.counts->count, expected.at("count").get<int64_t>());
    EXPECT_EQ(found.counts->low.tp, expected.at("tp")[0].get<int64_t>());
    EXPECT_EQ(found.counts->high.tp, expected.at("tp")[1].get<int64_t>());
    EXPECT_EQ(found.counts->low.fp, expected.at("fp")[0].get<int64_t>());
    EXPECT_EQ(found.counts->high.fp, expected.at("fp")[1].get<int64_t>());
    EXPECT_EQ(found.counts->low.tn, expected.at("tn")[0].get<int64_t>());
    EXPECT_EQ(found.counts->high.tn, expected.at("tn")[1].get<int64_t>());
  }
}

TEST(CheckClaim, SaysWhichCountsTheReportsFirstRowLeaves) {
  EXPECT_THAT(check(0, "Table 6.1", "fernet", "test", "sad").text,
              StartsWith("56 confusion matrices fit: TP 875 to 883, FP 92 to "
                         "102, FN 14 to 22, TN 799 to 809; one is "));
}

TEST(CheckClaim, AsksForAnyTestSetWhereTheSizeIsUnknown) {
  const ArithmeticCheck vit = check(0, "Table 6.2", "vit", "vit_test", "sad");
  EXPECT_EQ(vit.verdict, Verdict::kPossible);
  // 12 of 13 on each side: 12/13 = .923 is all four scores.
  EXPECT_THAT(vit.text, HasSubstr("the smallest test set that gives these "
                                  "numbers has "));
}

// 1,447 of 1,618 is 89.43 %, 1,448 is 89.49 %.
TEST(CheckClaim, FindsThatResNetWasValidatedOnOtherImages) {
  const ArithmeticCheck found =
      check(0, "Text, chapter 6", "resnet50", "validation", "");
  EXPECT_EQ(found.verdict, Verdict::kImpossible);
  EXPECT_EQ(found.text, "89.45% is no count of 1,618 images.");
  EXPECT_EQ(check(0, "Text, chapter 7", "fernet_tuned", "validation", "").text,
            "96.54% is 1,562 of 1,618 right answers.");
}

TEST(CheckClaim, TellsTheTestSetsOfOtherSourcesBySize) {
  EXPECT_EQ(check(1, "Figure 5.1", "efficientnet_b3", "test", "").text,
            "0.9330 is 6,688 of 7,168 right answers; 6,697 of 7,178 right "
            "answers; no count of 3,589 images.");
  EXPECT_EQ(check(2, "Figure 4.2", "vgg16", "test", "").text,
            "69.14182305335999% is 4,963 of 7,178 right answers; no count of "
            "3,589 images.");
  EXPECT_EQ(check(2, "Figure 4.2", "vgg16", "training", "").text,
            "97.89961576461792% is 28,106 of 28,709 right answers.");
}

TEST(CheckClaim, FindsTheImpossibleRowsOfSource003) {
  const auto row = [](const char* positive) {
    return check(3, "Table I", "cnn50", "test", positive);
  };
  EXPECT_EQ(row("happy").verdict, Verdict::kPossible);
  EXPECT_EQ(row("surprise").verdict, Verdict::kPossible);
  EXPECT_EQ(row("fear").verdict, Verdict::kImpossible);
  EXPECT_EQ(row("fear").text,
            "No counts give these numbers on a test set of any size, rounded "
            "or truncated: specificity 0.96, recall 0.96, class_accuracy 97% "
            "exclude each other.");
  EXPECT_EQ(row("sad").verdict, Verdict::kImpossible);
}

// Each at its lowest: happy .495, fear .335, sad .370, surprise .317.
TEST(CheckShares, FindsThatSource003NeedsMoreThanOneTestSet) {
  const auto text = check_shares(kept()[3], "Table I");
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "One test set cannot hold these classes: specificity, recall and "
            "precision ask for happy at least 49.5 %, fear at least 34.3 %, "
            "sad at least 37.0 %, surprise at least 31.7 % of its images, "
            "together 152.5 %.");
  EXPECT_FALSE(check_shares(kept()[4], "Table 2"));
  EXPECT_FALSE(check_shares(kept()[0], "Table 6.1"));
}

TEST(CheckClaim, FindsSource004Consistent) {
  for (const char* positive :
       {"happy", "sad", "angry", "surprise", "neutral"}) {
    EXPECT_EQ(check(4, "Table 2", "resnet50v2", "evaluation", positive).verdict,
              Verdict::kPossible)
        << positive;
  }
  EXPECT_EQ(check(4, "Table 1", "resnet50v2", "validation", "").text,
            "The number of images is not stated: nothing to check.");
}

TEST(CheckClaim, LeavesMeansOverClassesAlone) {
  const Published p = parse_published(R"(source: s
title: t
classes: [a, b, c]
sets: [{name: test, split: test, images: 30, where: x}]
tables: [{name: T, title: t, where: x}]
models: [{name: m, title: m}]
claims:
  - {table: T, model: m, set: test, values: {precision: 0.9}, where: x}
  - {table: T, model: m, set: test, values: {log_loss: 0.9}, where: x}
  - {table: T, model: m, set: test, positive: a, values: {accuracy: 0.1, recall: 0.9}, where: x}
)",
                                      "s.yaml");
  EXPECT_EQ(check_claim(p, p.claims[0]).text,
            "Means over classes: there are no counts to look for.");
  EXPECT_EQ(check_claim(p, p.claims[1]).text, "Not a ratio of counts.");
  // Accuracy over three classes does not bind the counts of one.
  EXPECT_EQ(check_claim(p, p.claims[2]).verdict, Verdict::kPossible);
}

Published two_models(const std::string& claims) {
  return parse_published(R"(
source: s
title: t
classes: [happy, sad]
sets: [{name: test, split: test, images: 1798, classes: {happy: 901, sad: 897}, where: w},
       {name: unknown, split: test, where: w}]
tables: [{name: T, title: t, where: w}]
models: [{name: m1, title: M1}, {name: m2, title: M2}]
claims:
)" + claims,
                         "s.yaml");
}

TEST(CheckClaim, ReadsTheDigitsOfA32BitRecall) {
  const Published published = two_models(
      "  - {table: T, model: m1, set: test, positive: sad, printed: float32, "
      "values: {recall: 0.9810479283332825}, where: w}\n");  // 880 / 897
  const ArithmeticCheck found = check_claim(published, published.claims[0]);
  EXPECT_EQ(found.verdict, Verdict::kPossible) << found.text;
  ASSERT_TRUE(found.counts);
  EXPECT_EQ(found.counts->low.tp, 880);
  EXPECT_EQ(found.counts->high.tp, 880);
}

TEST(CheckShares, AddsUpOneModelAtATime) {
  const std::string values =
      "values: {specificity: 0.95, recall: 0.96, precision: 0.95}, where: w}\n";
  const Published published = two_models(
      "  - {table: T, model: m1, set: unknown, positive: sad, " + values +
      "  - {table: T, model: m2, set: unknown, positive: sad, " + values +
      "  - {table: T, model: m2, set: unknown, positive: happy, " + values);
  EXPECT_EQ(check_shares(published, "T"), std::nullopt);
}

}  // namespace
}  // namespace fer
