#include <fmt/core.h>

#include <memory>
#include <unordered_map>

#include "cli/verbs.h"
#include "compare/comparison.h"
#include "compare/page.h"
#include "core/error.h"
#include "core/file.h"
#include "data/contact.h"
#include "data/source.h"
#include "eval/samples.h"
#include "train/run_folder.h"

namespace fer {
namespace {

struct CompareVerb : CompareOptions {
  std::vector<std::string> runs;
  std::string split = "test", out = "runs/compare";
  int most = 100;
  bool force = false, json = false, quiet = false;
};

// Pictures from the images that the first run was made of. A page without them
// is still a page, so what is wrong with the data stands there.
ComparePictures pictures_of(const Lineup& lineup, const CompareVerb& options) {
  ComparePictures pictures;
  pictures.most = static_cast<size_t>(options.most);
  if (options.most == 0) {
    pictures.missing = "Pictures were not asked for (--pictures 0).";
    return pictures;
  }
  try {
    const auto run = RunFolder::open(lineup.entries[0].folders[0]);
    const auto images = std::make_shared<const ImageSet>(
        load_images(run.config().data, options.quiet || options.json));
    auto rows = std::make_shared<std::unordered_map<std::string, size_t>>();
    for (size_t i = 0; i < images->size(); ++i)
      rows->emplace(images->ids[i], i);
    pictures.png = [images, rows](const std::string& id) -> std::string {
      const auto found = rows->find(id);
      if (found == rows->end()) return {};
      return base64(encode_png(picture_of(*images, found->second)));
    };
  } catch (const Error& error) {
    pictures.missing =
        std::string(
            "No pictures, because the images of the first run could "
            "not be read: ") +
        error.what();
  }
  return pictures;
}

int compare(const CompareVerb& options) {
  const std::vector<std::filesystem::path> folders(options.runs.begin(),
                                                   options.runs.end());
  compare_metric(options.metric);  // a typo stops before anything is read
  const Comparison comparison =
      compare_runs(read_lineup(folders, options.split, options.force), options);
  const std::filesystem::path out = options.out;
  write_json(out / "compare.json", compare_json(comparison));
  write_file(out / "compare.html",
             compare_html(comparison, pictures_of(comparison.lineup, options)));
  if (options.json) {
    fmt::print("{}\n", json_text(compare_json(comparison)));
    return 0;
  }
  if (options.quiet) {
    fmt::print("{}\n", compare_sentence(comparison));
    return 0;
  }
  fmt::print("{}\npage: {}\n", compare_text(comparison),
             (out / "compare.html").string());
  return 0;
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
  auto options = std::make_shared<CompareVerb>();
  CLI::App* verb = app.add_subcommand(
      "compare", "Say which run is better, by how much and how sure");
  verb->footer(
      "Example: ferbench compare runs/fernet/seed-42 runs/vit/seed-42\n"
      "A folder that holds seed-*/ counts as one entry with several seeds.");
  verb->add_option("RUN", options->runs, "Run folders, or folders of seeds")
      ->required()
      ->expected(-2);
  verb->add_option("--metric", options->metric,
                   "accuracy, balanced_accuracy, macro_f1, mcc, auc, log_loss, "
                   "brier or ece")
      ->capture_default_str();
  verb->add_option("--split", options->split, "val or test")
      ->check(CLI::IsMember({"val", "test"}))
      ->capture_default_str();
  verb->add_option("--out", options->out,
                   "Folder of compare.html and compare.json")
      ->capture_default_str();
  verb->add_option("--pictures", options->most,
                   "Pictures shown of each kind; 0: the data are not read")
      ->check(CLI::Range(0, 10'000))
      ->capture_default_str();
  verb->add_option("--resamples", options->resamples, "Bootstrap resamples")
      ->check(CLI::Range(100, 1'000'000))
      ->capture_default_str();
  verb->add_flag("--force", options->force,
                 "Show runs of different protocols, without ranking them");
  verb->add_flag("--json", options->json, "Print JSON");
  verb->add_flag("--quiet", options->quiet, "Print the sentence only");
  verb->callback(
      [options, &action] { action = [options] { return compare(*options); }; });
}

}  // namespace fer
