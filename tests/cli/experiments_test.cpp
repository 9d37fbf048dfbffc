// Every file under experiments/ makes one step of two images: no data needed,
// and cheap for those that need a GPU to be trained.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "config/config.h"
#include "core/file.h"
#include "core/temporary_folder.h"
#include "program.h"
#include "vision/image.h"

namespace fer {
namespace {
namespace fs = std::filesystem;

const fs::path kExperiments = fs::path(FERBENCH_SOURCE_DIR) / "experiments";

std::vector<std::string> experiment_files() {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(kExperiments))
    if (entry.path().extension() == ".yaml")
      files.push_back(fs::relative(entry.path(), kExperiments).string());
  std::ranges::sort(files);
  return files;
}

/// Something that is nobody's twin.
std::string noise_png(std::mt19937& random) {
  Image image{48, 48, 1, {}};
  for (int i = 0; i < 48 * 48; ++i)
    image.pixels.push_back(static_cast<uint8_t>(random() % 256));
  const auto bytes = encode_png(image);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct VotedClass {
  const char* folder;
  const char* votes;  // neutral,happiness,surprise,sadness,anger,disgust,fear
};
constexpr VotedClass kClasses[] = {
    {"angry", "0,0,0,0,10,0,0"},   {"disgust", "0,0,0,0,0,10,0"},
    {"fear", "0,0,0,0,0,0,10"},    {"happy", "0,10,0,0,0,0,0"},
    {"neutral", "10,0,0,0,0,0,0"}, {"sad", "0,0,0,10,0,0,0"},
    {"surprise", "0,0,10,0,0,0,0"}};

/// FER2013's tree in small: of each class twenty images in train/, five of
/// PublicTest and five of PrivateTest in test/, and FER+'s votes on them.
void write_small_fer2013(const fs::path& root) {
  std::mt19937 random(7);
  std::string votes =
      "file,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,"
      "unknown,NF\n";
  for (const VotedClass& voted : kClasses) {
    for (int i = 0; i < 30; ++i) {
      const std::string file = fmt::format(
          "{}/{}/{}_{}.png", i < 20 ? "train" : "test", voted.folder,
          i < 20   ? "Training"
          : i < 25 ? "PublicTest"
                   : "PrivateTest",
          i);
      write_file(root / "fer2013" / file, noise_png(random));
      votes += fmt::format("{},{},0,0,0\n", file, voted.votes);
    }
  }
  write_file(root / "ferplus.csv", votes);
}

/// What replaces the data, the size of a step and weights from other runs.
std::vector<std::string> replacements(const Config& config,
                                      const fs::path& root) {
  std::vector<std::string> settings = {"train.batch_size=2",
                                       "evaluate.batch_size=2",
                                       "train.device=cpu", "train.threads=1"};
  if (config.data.source != SourceKind::kSynthetic) {
    settings.push_back("data.source=folder");
    settings.push_back("data.path=" + (root / "fer2013").string());
  }
  if (!config.data.ferplus.empty())
    settings.push_back("data.ferplus=" + (root / "ferplus.csv").string());
  if (config.model.weights) settings.push_back("model.weights=null");
  return settings;
}

/// Masked autoencoders stand beside the pretrainings on labels.
const char* verb_of(const std::string& file) {
  return file.starts_with("pretrain/") && file.ends_with("_mae.yaml")
             ? "pretrain"
             : "run";
}

class EveryExperiment : public testing::TestWithParam<std::string> {};

TEST_P(EveryExperiment, PassesADryRun) {
  const TemporaryFolder folder;
  write_small_fer2013(folder.path());
  const fs::path file = kExperiments / GetParam();
  std::vector<std::string> arguments = {verb_of(GetParam()), file.string(),
                                        "--dry-run", "--quiet"};
  for (const auto& setting :
       replacements(load_config(file).config, folder.path()))
    arguments.insert(arguments.end(), {"-s", setting});
  const Result result = run(arguments);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, testing::HasSubstr("one step of 2 images: loss "));
  EXPECT_THAT(result.out, testing::Not(testing::HasSubstr("nan")));
}

INSTANTIATE_TEST_SUITE_P(Files, EveryExperiment,
                         testing::ValuesIn(experiment_files()),
                         [](const auto& file) {
                           std::string name = file.param;
                           name.resize(name.size() - sizeof(".yaml") + 1);
                           std::ranges::replace_if(
                               name, [](char c) { return !std::isalnum(c); },
                               '_');
                           return name;
                         });

}  // namespace
}  // namespace fer
