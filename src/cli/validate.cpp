#include "deploy/validate.h"

#include <fmt/core.h>

#include <memory>
#include <optional>

#include "cli/face_options.h"
#include "cli/verbs.h"
#include "core/terminal.h"
#include "data/source.h"
#include "data/split.h"
#include "leaderboard/ledger.h"
#include "leaderboard/run_origin.h"
#include "train/run_folder.h"

namespace fer {
namespace {

struct ValidateVerb {
  std::string folder, run, songs;
  FaceOptions face;
  RecommendOptions recommend;
  bool json = false, quiet = false;
};

Image picture_of(const ImageSet& images, int64_t row) {
  const auto pixels = images.image(static_cast<size_t>(row));
  Image picture{static_cast<int>(images.width),
                static_cast<int>(images.height),
                static_cast<int>(images.channels),
                {}};
  const size_t area = images.width * images.height;
  for (size_t i = 0; i < area; ++i)
    for (size_t c = 0; c < images.channels; ++c)
      picture.pixels.push_back(pixels[c * area + i]);
  return picture;
}

std::vector<LabelledPicture> test_split(const RunFolder& run, bool quiet) {
  const DataConfig& data = run.config().data;
  const ImageSet images = load_images(data, quiet);
  std::vector<LabelledPicture> pictures;
  for (const int64_t row : make_split(images, data).test)
    pictures.push_back({images.ids[row],
                        images.class_names[images.labels[row]],
                        {},
                        picture_of(images, row)});
  return pictures;
}

// A test split is looked at on purpose, and counted.
void note_look(const RunFolder& run, const Validation& validation) {
  const auto& results = run.config().experiment.results;
  const RunOrigin origin = read_run_origin(read_run_files(run.path()));
  const Stage& right = validation.stages.at(3);
  append_look(
      results,
      {"", origin.commit, stored_path(results, run.path()), origin.experiment,
       origin.protocol, origin.dataset, "test", right.of, "accuracy",
       static_cast<double>(right.kept) / static_cast<double>(right.of)});
}

int validate_pictures(const ValidateVerb& options) {
  std::optional<RunFolder> run;
  if (!options.run.empty()) run = RunFolder::open(options.run);
  const auto pictures =
      run ? test_split(*run, options.quiet) : labelled_pictures(options.folder);
  const FacePipeline pipeline = options.face.open(pictures.size());
  std::optional<SongDatabase> songs;
  if (!options.songs.empty()) songs.emplace(options.songs);
  ProgressBar bar("Looking", pictures.size(),
                  options.quiet || !stderr_is_terminal());
  const Validation validation =
      validate(pipeline, pictures,
               {.recommend = options.recommend,
                .songs = songs ? &*songs : nullptr,
                .threads = static_cast<unsigned>(options.face.threads),
                .advance = [&bar] { bar.advance(); }});
  bar.finish();
  if (run) note_look(*run, validation);
  fmt::print("{}", options.json ? json_text(validation_json(validation)) + "\n"
                                : validation_text(validation));
  return 0;
}

}  // namespace

void add_validate(CLI::App& app, Action& action) {
  auto options = std::make_shared<ValidateVerb>();
  CLI::App* verb = app.add_subcommand(
      "validate", "Labelled photographs to songs: what each stage loses");
  verb->footer(
      "Example: ferbench validate photos --model model.onnx --songs "
      "songs.sqlite");
  auto* source = verb->add_option_group("source", "One of them");
  source->add_option("FOLDER", options->folder,
                     "With labels.csv, or a sub-folder for each emotion");
  source->add_option("--run", options->run,
                     "The test split of this run instead (counted as a look)");
  source->require_option(1);
  add_face_options(*verb, options->face);
  verb->add_option("--songs", options->songs,
                   "Catalogue; with it also: songs of the right mood");
  verb->add_option("--policy", options->recommend.policy,
                   "See `ferbench songs policies` (default: report)");
  verb->add_option("--playlist", options->recommend.playlist,
                   "For the policy playlist");
  verb->add_option("--count", options->recommend.count, "Songs (default: 7)");
  verb->add_flag("--json", options->json, "Print JSON");
  verb->add_flag("--quiet", options->quiet, "Print results and errors only");
  verb->callback([options, &action] {
    action = [options] { return validate_pictures(*options); };
  });
}

}  // namespace fer
