// The verbs that only look: data, models, summary, schedule, doctor.
#include <gmock/gmock.h>

#include <cstdlib>

#include "data/pack.h"
#include "tiny_experiment.h"
#include "vision/image.h"

namespace fer {
namespace {
namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kPng = "\x89PNG\r\n\x1a\n";

class Looking : public TinyExperiment {};

TEST_F(Looking, DataInfoCountsClassesAndSplits) {
  const Result text = run_verb({"data", "info"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_THAT(text.out, HasSubstr("happy     24    3     3      30\n"));
  EXPECT_THAT(text.out, HasSubstr("60 images, 16x16x1, protocol random"));
  const Json json = run_verb({"data", "info"}, {"--json"}).json();
  EXPECT_EQ(json["images"], 60);
  EXPECT_EQ(json["class_counts"]["train"]["sad"], 24);
  EXPECT_THAT(text.out, HasSubstr("fingerprint " +
                                  json["fingerprint"].get<std::string>()));
}

TEST_F(Looking, DataAuditPrintsFindings) {
  const Result text = run_verb({"data", "audit"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_THAT(text.out,
              testing::EndsWith("train-test exact copies     0 (0.0 %)\n"
                                "train-val exact copies      0 (0.0 %)\n"
                                "val-test exact copies       0 (0.0 %)\n"));
  const Json json = run_verb({"data", "audit"}, {"--json"}).json();
  EXPECT_EQ(json["images"], 60);
  EXPECT_EQ(json["cross_split"]["train-test"]["exact"], 0);
}

TEST_F(Looking, DataPrepareWritesAPackAndAContactSheet) {
  const fs::path out = folder() / "prepared";
  const Result result =
      run_verb({"data", "prepare"}, {"--out", out.string(), "--count", "12"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("60 images packed: "));
  EXPECT_THAT(read_file(out / "contact_sheet.png"), StartsWith(kPng));
  EXPECT_EQ(read_pack(out / "images.ferpack").size(), 60u);
}

TEST_F(Looking, DataBrowseWritesAPng) {
  const fs::path out = folder() / "augmented.png";
  EXPECT_EQ(run_verb({"data", "browse"}, {"--out", out.string(), "-s",
                                          "augment.horizontal_flip=0.5"})
                .exit_code,
            0);
  EXPECT_THAT(read_file(out), StartsWith(kPng));
}

TEST_F(Looking, SummaryIsAsKerasPrintsIt) {
  const Result result = run_verb({"summary"}, {"-s", "data.image_size=48"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("Model: \"fernet\"\nLayer (type) "));
  EXPECT_THAT(result.out, HasSubstr("Output shape"));
  EXPECT_THAT(result.out, HasSubstr("Param #"));
  EXPECT_THAT(result.out,
              HasSubstr("\nblock1_conv1 (Conv2D)             (None, "
                        "32, 48, 48)        832 "));
  EXPECT_THAT(result.out, HasSubstr("Total params: 2,440,929 (9.31 MB)"));
  EXPECT_THAT(result.out, HasSubstr("Trainable params: 2,437,729"));
}

TEST_F(Looking, ScheduleGivesARatePerEpoch) {
  const Result text = run_verb({"schedule"});
  EXPECT_EQ(text.out,
            "epoch  learning_rate\n1              0.001\n"
            "2              0.001\n");
  EXPECT_EQ(run_verb({"schedule"}, {"--json"}).json(),
            Json::parse("[0.001, 0.001]"));
}

TEST(Models, ListTheZoo) {
  const Result text = run({"models"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_THAT(text.out, HasSubstr("2,440,929"));
  EXPECT_THAT(text.out, HasSubstr("2.4 MB"));
  const Json json = run({"models", "--json"}).json();
  EXPECT_EQ(json[0]["name"], "fernet");
  EXPECT_EQ(json[0]["parameters"], 2440929);
  EXPECT_EQ(json[0]["activation_bytes"], 4 * 626305);
}

TEST(Doctor, SaysWhatThisMachineHas) {
  const Result text = run({"doctor"});
  const Result data = run({"doctor", "--json"});
  bool missing = false;
  for (const Json& finding : data.json()) {
    const auto state = finding["state"].get<std::string>();
    missing = missing || state == "missing";
    EXPECT_THAT(text.out,
                HasSubstr(fmt::format("{:<8} {}", state,
                                      finding["what"].get<std::string>())));
    EXPECT_EQ(finding["advice"].get<std::string>().empty(), state == "ok");
  }
  EXPECT_THAT(text.out, StartsWith("ok       ferbench "));
  EXPECT_EQ(text.exit_code, missing ? 1 : 0);
  EXPECT_EQ(data.exit_code, text.exit_code);
}

TEST(Doctor, NamesThePackageOfAMissingProgram) {
  const Result result = run({"doctor"}, {.search_path = "/nowhere"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, HasSubstr("missing  gnuplot       not on PATH\n"));
  EXPECT_THAT(result.out, HasSubstr("-> apt-get install gnuplot-nox\n"));
}

TEST_F(Looking, DataPrepareShowsNoPictureTwice) {
  const fs::path out = folder() / "prepared";  // 97 images a class
  ASSERT_EQ(
      run_verb({"data", "prepare"}, {"--out", out.string(), "--count", "4",
                                     "-s", "data.synthetic.images=194"})
          .exit_code,
      0);
  const std::string bytes = read_file(out / "contact_sheet.png");
  const Image sheet = decode_image(std::as_bytes(std::span(bytes)), 1);
  // happy, sad, happy, sad: tiles of 112 with margins of 6.
  const auto tile = [&](int k) {
    std::vector<uint8_t> pixels;
    for (int y = 6; y < 118; ++y)
      for (int x = 6 + 118 * k; x < 118 + 118 * k; ++x)
        pixels.push_back(
            sheet.pixels[static_cast<size_t>(y * sheet.width + x)]);
    return pixels;
  };
  EXPECT_NE(tile(0), tile(2));
}

TEST(Doctor, TakesAnEmptyFerbenchDataForNone) {
  const TemporaryFolder folder;
  folder.write("data/fer2013.tar.gz", "");
  const char* before = std::getenv("FERBENCH_DATA");
  const std::string kept = before ? before : "";
  setenv("FERBENCH_DATA", "", 1);
  const Result result = run({"doctor"}, {.folder = folder.path()});
  before ? setenv("FERBENCH_DATA", kept.c_str(), 1) : unsetenv("FERBENCH_DATA");
  EXPECT_THAT(result.out,
              HasSubstr("ok       FER2013       data/fer2013.tar.gz"));
}

}  // namespace
}  // namespace fer
