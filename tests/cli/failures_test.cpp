// `ferbench failures`: what a run is most surely wrong on, and every mistake.
#include <gmock/gmock.h>

#include "tiny_experiment.h"
#include "vision/image.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class FailuresVerb : public TinyExperiment {
 protected:
  Result failures(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"failures", run_dir().string()});
    return fer::run(more, {.folder = folder()});
  }
};

TEST_F(FailuresVerb, CountsWhatTheScoresCountAndDrawsIt) {
  ASSERT_EQ(train({"-s", "report.html=false"}).exit_code, 0);
  const Json json = failures({"--json"}).json();
  const Json matrix = read_json(at("metrics.json"))["test"]["confusion_matrix"];
  EXPECT_EQ(json["split"], "test");
  EXPECT_EQ(json["classes"][0]["class"], "happy");
  EXPECT_EQ(json["classes"][0]["wrong"], matrix[0][1]);
  EXPECT_EQ(json["classes"][1]["wrong"], matrix[1][0]);
  EXPECT_EQ(json["calibration"]["split"], "test");

  const std::string out = (folder() / "failures.png").string();
  const Result drawn = failures({"--count", "3", "--out", out});
  EXPECT_EQ(drawn.exit_code, 0) << drawn.err;
  EXPECT_THAT(drawn.out, HasSubstr("pictures, one line a class: " + out));
  const std::string bytes = read_file(out);
  const Image sheet =
      decode_image(std::as_bytes(std::span(bytes.data(), bytes.size())), 3);
  // Tiles of 112 and their margins, three beside one another, two lines.
  EXPECT_GE(sheet.width, 3 * 112);
  EXPECT_LT(sheet.width, 4 * 112);
  EXPECT_GE(sheet.height, 2 * 112);
  EXPECT_EQ(failures({"--quiet", "--out", out}).out,
            "pictures, one line a class: " + out + "\n");
}

TEST_F(FailuresVerb, DrawsNoOtherImagesThanTheRunsOwn) {
  ASSERT_EQ(train({"-s", "report.html=false"}).exit_code, 0);
  Json audit = read_json(at("audit.json"));
  audit["fingerprint"] = std::string(64, 'f');
  write_file(at("audit.json"), audit.dump());
  const Result result = failures({"--quiet", "--out", at("failures.png")});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              StartsWith("error: [run] expected the images that the run was "
                         "made of, fingerprint ffffffffffffffff; got "));
  EXPECT_THAT(result.err, HasSubstr("set data.path in the run's config.yaml"));
  EXPECT_FALSE(fs::exists(at("failures.png")));
}

TEST_F(FailuresVerb, NeedsThePredictionsOfTheSplit) {
  ASSERT_EQ(train({"-s", "report.html=false"}).exit_code, 0);
  const Result result = failures({"--split", "train"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("predictions-train.csv"));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1);
  EXPECT_EQ(failures({"--count", "0"}).exit_code, 2);
}

}  // namespace
}  // namespace fer
