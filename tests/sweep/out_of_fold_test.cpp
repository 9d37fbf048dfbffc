#include "sweep/out_of_fold.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "core/file.h"
#include "core/hash.h"
#include "core/temporary_folder.h"
#include "metrics/predictions.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class OutOfFold : public testing::Test {
 protected:
  /// A fold with these ids, of which the first `right` are right.
  fs::path fold(const std::string& name, const std::vector<std::string>& ids,
                size_t right, int exact, double share,
                const std::vector<std::string>& classes = {"happy", "sad"}) {
    Predictions predictions;
    predictions.class_names = classes;
    predictions.ids = ids;
    for (size_t i = 0; i < ids.size(); ++i) {
      const auto label = static_cast<int64_t>(i % 2);
      predictions.labels.push_back(label);
      predictions.predicted.push_back(i < right ? label : 1 - label);
      predictions.probabilities.insert(predictions.probabilities.end(),
                                       {0.25, 0.75});
    }
    const fs::path folder = folder_ / name;
    write_predictions(folder / "predictions-test.csv", predictions);
    write_json(folder / "metrics.json", {{"protocol", "kfold"},
                                         {"checkpoint_epoch", exact},
                                         {"val", {{"n", 1}}},
                                         {"test", {{"n", ids.size()}}}});
    const Json group = Json::array({name + "a", name + "b"});
    write_json(
        folder / "audit.json",
        {{"images", 5},
         {"drift", {{"test", exact}}},
         {"class_balance", {{"test", share}}},
         {"cross_split",
          {{"train-val", {{"exact", 9}}},
           {"train-test", {{"exact", exact}, {"near", 1}, {"share", share}}}}},
         {"twin_groups", {{"test", Json::array({group})}}}});
    return folder;
  }

  TemporaryFolder folder_;
};

TEST_F(OutOfFold, ScoresAllFoldsAsOne) {
  const std::vector<fs::path> folds = {fold("f0", {"a", "b", "c"}, 3, 2, 0.9),
                                       fold("f1", {"d", "e"}, 1, 1, 0.4)};
  const fs::path out = folder_ / "out_of_fold";
  const Json metrics = join_folds(folds, out, {});
  const Predictions all = read_predictions(out / "predictions-test.csv");
  EXPECT_THAT(all.ids, ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_EQ(metrics["test"]["n"], 5);
  EXPECT_EQ(metrics["test"]["accuracy"], 0.8);  // 3 + 1 of 5
  EXPECT_EQ(metrics["test"]["predictions_sha256"],
            sha256(read_file(out / "predictions-test.csv")));
  EXPECT_EQ(metrics["folds"], 2);
  EXPECT_EQ(metrics["protocol"], "kfold");
  EXPECT_FALSE(metrics.contains("checkpoint_epoch"));  // differs
  EXPECT_FALSE(metrics.contains("val"));
  EXPECT_EQ(read_json(out / "metrics.json"), metrics);
}

TEST_F(OutOfFold, AddsTheLeaksUp) {
  const std::vector<fs::path> folds = {fold("f0", {"a", "b", "c"}, 3, 2, 0.9),
                                       fold("f1", {"d", "e"}, 1, 1, 0.4)};
  const Json metrics = join_folds(folds, folder_ / "o", {});
  const Json audit = read_json(folder_ / "o/audit.json");
  const Json& pair = audit["cross_split"]["train-test"];
  EXPECT_EQ(pair["exact"], 3);
  EXPECT_EQ(pair["near"], 2);
  EXPECT_NEAR(pair["share"], (3 * 0.9 + 2 * 0.4) / 5, 1e-12);
  EXPECT_FALSE(audit["cross_split"].contains("train-val"));
  EXPECT_EQ(audit["twin_groups"]["test"],
            Json::parse(R"([["f0a", "f0b"], ["f1a", "f1b"]])"));
  EXPECT_EQ(audit["images"], 5);
  for (const char* of_one_fold : {"drift", "class_balance"})
    EXPECT_FALSE(audit.contains(of_one_fold)) << of_one_fold;
  EXPECT_EQ(metrics["leaky"], true);
  EXPECT_NEAR(metrics["leaky_share"], 0.7, 1e-12);
}

TEST_F(OutOfFold, RefusesAnImageInTwoFolds) {
  const std::vector<fs::path> folds = {fold("f0", {"a", "b"}, 2, 0, 0),
                                       fold("f1", {"c", "b"}, 2, 0, 0)};
  EXPECT_EQ(error_text([&] { join_folds(folds, folder_ / "o", {}); }),
            fmt::format("[folds] expected each image in the test of one fold; "
                        "got 'b' in two ({} and {}). Run the folds anew.",
                        folds[0].string(), folds[1].string()));
  EXPECT_FALSE(fs::exists(folder_ / "o"));
}

TEST_F(OutOfFold, RefusesFoldsOfOtherClasses) {
  const std::vector<fs::path> folds = {
      fold("f0", {"a", "b"}, 2, 0, 0),
      fold("f1", {"c", "d"}, 2, 0, 0, {"happy", "angry"})};
  EXPECT_THAT(error_text([&] { join_folds(folds, folder_ / "o", {}); }),
              HasSubstr("[folds] expected the same classes in every fold; got "
                        "others ("));
}

}  // namespace
}  // namespace fer
