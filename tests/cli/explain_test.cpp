// `ferbench explain`: a picture of a run's own kind, and every mistake.
#include <gmock/gmock.h>

#include "core/hash.h"
#include "tiny_experiment.h"
#include "vision/image.h"

namespace fer {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class ExplainVerb : public TinyExperiment {
 protected:
  ExplainVerb() {
    EXPECT_EQ(train({"-s", "report.html=false"}).exit_code, 0);
    const Image gray{40, 40, 1, std::vector<uint8_t>(1600, 90)};
    const auto png = encode_png(gray);
    write_file(picture(),
               std::string_view(reinterpret_cast<const char*>(png.data()),
                                png.size()));
  }
  std::string picture() const { return (folder() / "face.png").string(); }
  Result explain(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"explain", run_dir().string(), picture()});
    return fer::run(more);
  }
};

TEST_F(ExplainVerb, WritesAnOverlayAndSaysWhatItShows) {
  const Result result = explain({"--class", "sad"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const fs::path out = run_dir() / "explain" / "face-sad.png";
  EXPECT_THAT(result.out, HasSubstr("Grad-CAM of block4_bn2, 2x2: what speaks "
                                    "for sad"));
  EXPECT_THAT(result.out, HasSubstr("picture: " + out.string() + "\n"));
  const std::string bytes = read_file(out);
  const Image heat =
      decode_image(std::as_bytes(std::span(bytes.data(), bytes.size())), 3);
  EXPECT_EQ(heat.width, 336);
}

TEST_F(ExplainVerb, AnswersTheSameAsJson) {
  const fs::path out = folder() / "mine.png";
  const Result result = explain({"--json", "--out", out.string()});
  const Json json = result.json();
  EXPECT_TRUE(fs::exists(out));
  EXPECT_EQ(json["overlay"], out.string());
  EXPECT_EQ(json["method"], "Grad-CAM");
  EXPECT_EQ(json["map"].size(), 2u);
  EXPECT_EQ(json["map"][0].size(), 2u);
  const auto happy = json["probabilities"]["happy"].get<double>();
  const auto sad = json["probabilities"]["sad"].get<double>();
  EXPECT_NEAR(happy + sad, 1, 1e-9);
  EXPECT_EQ(json["class"], happy >= sad ? "happy" : "sad");
  EXPECT_EQ(explain({"--quiet", "--out", out.string()}).out, "");
}

TEST_F(ExplainVerb, EndsWithALineThatHelps) {
  const auto error = [&](const std::vector<std::string>& more) {
    const Result result = explain(more);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.out, "");
    return result.err;
  };
  EXPECT_EQ(error({"--class", "cheerful"}),
            "error: [explain] expected --class happy or sad; got \"cheerful\". "
            "Name one of them.\n");
  write_file(picture(), "no picture");
  EXPECT_THAT(error({}), StartsWith("error: [vision] expected an image; got "));
  EXPECT_THAT(error({}), HasSubstr("(" + picture() + ")"));
  fs::remove(picture());
  EXPECT_EQ(error({}),
            "error: [file] expected a readable file; got 'No such file or "
            "directory' (" +
                picture() + "). Check the path.\n");
  write_file(run_dir() / "audit.json", "{}");
  EXPECT_EQ(error({}),
            "error: [run] expected the classes in class_counts; got 0 of them "
            "(" +
                run_dir().string() +
                "/audit.json). The file was changed: run the experiment "
                "again.\n");
  fs::remove_all(run_dir() / "checkpoints");
  EXPECT_EQ(error({}), "error: [run] expected a checkpoint; got none (" +
                           (run_dir() / "checkpoints").string() +
                           "). Train first: `ferbench run`.\n");
  EXPECT_FALSE(fs::exists(run_dir() / "explain"));
}

}  // namespace
}  // namespace fer
