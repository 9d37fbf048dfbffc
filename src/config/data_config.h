// Images and labels: where they come from and how they are dealt out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "config/field.h"
#include "config/twin_config.h"

namespace fer {

enum class SourceKind { kSynthetic, kFolder, kFerCsv, kPacked };
template <>
inline constexpr const char* kWords<SourceKind>[] = {"synthetic", "folder",
                                                     "fer_csv", "packed"};

enum class OnBadImage { kError, kSkip };
template <>
inline constexpr const char* kWords<OnBadImage>[] = {"error", "skip"};

/// Which labels the images carry (docs/protocols.md).
enum class LabelKind { kFolder, kFerplusMajority, kFerplusSoft };
template <>
inline constexpr const char* kWords<LabelKind>[] = {
    "folder", "ferplus_majority", "ferplus_soft"};

enum class Protocol {
  kRandom,
  kClean,
  kOfficial,
  kOfficialClean,
  kReport,
  kKfold,
  kFolders
};
template <>
inline constexpr const char* kWords<Protocol>[] = {
    "random", "clean", "official", "official_clean",
    "report", "kfold", "folders"};

/// Protocols that keep the leak that others are measured with; all the others
/// refuse to start where an image and its twin stand on two sides.
constexpr bool leaks_by_design(Protocol protocol) {
  return protocol == Protocol::kOfficial || protocol == Protocol::kReport ||
         protocol == Protocol::kFolders;
}

/// Drawn faces: the embedded data set, a function of the seed alone.
struct SyntheticConfig {
  int images = 3000;
  int64_t seed = 7;
  double noise = 0.08;
  double occlusion = 0.3;

  static constexpr auto fields() {
    using C = SyntheticConfig;
    return std::tuple(
        field("images", &C::images, "Number of faces over all classes")
            .in(2, 10'000'000)
            .in_unit("images"),
        field("seed", &C::seed, "Seed of the drawing").at_least(0),
        field("noise", &C::noise, "Standard deviation of the pixel noise")
            .in(0, 1)
            .in_unit("of full scale"),
        field("occlusion", &C::occlusion,
              "Share of faces with a patch over them")
            .in(0, 1));
  }
};

struct SplitConfig {
  Protocol protocol = Protocol::kRandom;
  double validation = 0.1;
  double test = 0.1;
  int64_t seed = 42;
  bool stratify = true;
  bool group_duplicates = true;
  bool drop_duplicates = false;
  bool upsample = false;
  int folds = 5;
  int fold = 0;
  std::filesystem::path keep = {};

  static constexpr auto fields() {
    using C = SplitConfig;
    return std::tuple(
        field(
            "protocol", &C::protocol,
            "How images are dealt out: random, clean (no twin on two sides, "
            "no contradicting labels), official (folders, Usage; leaky), "
            "official_clean, report (scikit-learn's split to the bit, leaky), "
            "kfold, or folders (all of test/ is the test; leaky)"),
        field("validation", &C::validation,
              "Share of the rows for validation (report, kfold, folders: of "
              "what is left after the test)")
            .more_than(0)
            .less_than(1),
        field("test", &C::test,
              "Share of the rows for the test (random, clean, report)")
            .more_than(0)
            .less_than(1),
        field("seed", &C::seed,
              "Seed of the split, apart from experiment.seed so that runs "
              "share a split")
            .at_least(0)
            .at_most(4294967295.0),
        field("stratify", &C::stratify,
              "Keep the class shares in every split (random)"),
        field("group_duplicates", &C::group_duplicates,
              "Keep exact copies and near twins (data.twins) of an image in "
              "one split (random)"),
        field("drop_duplicates", &C::drop_duplicates,
              "Keep one image of each group of exact copies, none of a group "
              "with two labels"),
        field("upsample", &C::upsample,
              "Repeat training images of smaller classes until all are equal "
              "(all but report, which does so by itself)"),
        field("folds", &C::folds, "Number of folds (kfold)").in(2, 100),
        field("fold", &C::fold,
              "The fold that is tested, from 0 to folds - 1 (kfold)")
            .in(0, 99),
        field("keep", &C::keep,
              "Table of the images to use, as `ferbench data clean` writes it; "
              "empty: all"));
  }
};

struct DataConfig {
  SourceKind source = SourceKind::kSynthetic;
  std::filesystem::path path;
  std::vector<std::string> classes;
  std::map<std::string, std::string> relabel;
  int image_size = 48;
  int channels = 1;
  LabelKind labels = LabelKind::kFolder;
  std::filesystem::path ferplus;
  OnBadImage on_bad_image = OnBadImage::kError;
  std::filesystem::path cache =
      "${XDG_CACHE_HOME:-${HOME}/.cache}/ferbench/data";
  SyntheticConfig synthetic;
  TwinConfig twins;
  SplitConfig split;

  static constexpr auto fields() {
    using C = DataConfig;
    return std::tuple(
        field("source", &C::source,
              "Kind of source: drawn faces, class folders (directory, .tar, "
              ".tar.gz, .zip), a FER CSV, or a packed file"),
        field("path", &C::path, "The folder or file; not used by synthetic"),
        field("classes", &C::classes,
              "Classes to keep, in label order (the first is 0); empty: all, "
              "sorted by name"),
        field("relabel", &C::relabel,
              "Class names to change before the selection, e.g. {happiness: "
              "happy}"),
        field("image_size", &C::image_size,
              "Height and width that images are resized to")
            .in(8, 1024)
            .in_unit("pixels"),
        field("channels", &C::channels, "1: gray, 3: RGB (gray is repeated)")
            .in(1, 3),
        field("labels", &C::labels,
              "folder: those of the source; ferplus_majority: the class that "
              "most of FER+'s ten taggers chose; ferplus_soft: the same, "
              "trained on their votes as a distribution"),
        field("ferplus", &C::ferplus,
              "The table of FER+ votes; with labels: folder it is what runs "
              "are scored against besides; empty: none"),
        field(
            "on_bad_image", &C::on_bad_image,
            "A file that is no image: stop, or skip and list it in the audit"),
        field("cache", &C::cache,
              "Folder of decoded data sets; empty: no cache"),
        field("synthetic", &C::synthetic, "Settings of the drawn faces"),
        field("twins", &C::twins, "Which images count as copies"),
        field("split", &C::split,
              "How images are dealt out to train, val and test"));
  }
};

}  // namespace fer
