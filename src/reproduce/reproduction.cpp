#include "reproduce/reproduction.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "core/error.h"
#include "core/text.h"
#include "report/format.h"
#include "reproduce/stored_runs.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

struct LoadedModel {
  ExperimentRuns report, clean, wrong_direction;
};

/// Scores once per run and score: tables repeat each other.
class Scores {
 public:
  explicit Scores(int resamples) : resamples_(resamples) {}

  const std::optional<Measured>& of(const ExperimentRuns& runs,
                                    const std::string& split,
                                    const std::string& metric,
                                    const std::string& positive) {
    const Key key{runs.experiment, split, metric, positive};
    if (const auto found = known_.find(key); found != known_.end())
      return found->second;
    return known_[key] = measure(runs, split, metric, positive, resamples_);
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::string>;

  int resamples_;
  std::map<Key, std::optional<Measured>> known_;
};

std::string runs_text(const ExperimentRuns& runs) {
  if (runs.empty()) return "";
  std::vector<std::string> seeds;
  for (const int64_t seed : runs.seeds) seeds.push_back(std::to_string(seed));
  std::string text =
      fmt::format("{}, seed{} {}", runs.experiment, seeds.size() > 1 ? "s" : "",
                  join(seeds, ", "));
  if (runs.leaky_share() > 0)
    text += fmt::format(", leaky {}", format_percent(runs.leaky_share()));
  return text;
}

using LoadedModels = std::map<std::string, LoadedModel>;

/// The model whose runs stand beside a claim: its own, or the stand-in's, and
/// then under the stand-in's name, in both columns.
const std::string& shown_model(const Published& published,
                               const std::string& name,
                               const LoadedModels& models) {
  const PublishedModel& model = published.model(name);
  if (model.stand_in.empty() || !models.at(name).report.empty() ||
      models.at(model.stand_in).report.empty())
    return model.name;
  return model.stand_in;
}

ClaimResult compare_claim(const Published& published,
                          const PublishedClaim& claim,
                          const LoadedModels& models, Scores& scores) {
  ClaimResult result{claim, check_claim(published, claim), {}};
  result.claim.model = shown_model(published, claim.model, models);
  const LoadedModel& model = models.at(result.claim.model);
  const std::string& split = published.set(claim.set).split;
  for (const PublishedValue& value : claim.values) {
    Cell cell;
    cell.metric = value.metric;
    cell.reported = value.number;
    cell.report = scores.of(model.report, split, value.metric, claim.positive);
    cell.clean = scores.of(model.clean, split, value.metric, claim.positive);
    cell.verdict = judge(value.number, claim.printed == "float32", value.metric,
                         cell.report, cell.clean);
    result.cells.push_back(std::move(cell));
  }
  return result;
}

/// Collects commands, each once.
class Gaps {
 public:
  void add(std::string command, std::string needs, std::string file) {
    if (seen_.insert(command).second)
      missing_.push_back(
          {std::move(command), std::move(needs), std::move(file)});
  }
  void add_run(const std::string& file, const std::string& needs) {
    if (file.empty()) return;
    std::string first = needs;
    if (first.empty() && !fs::exists(file)) first = "the file " + file;
    add(fmt::format("ferbench run {} --seeds {}", file, kReproducedSeeds),
        first, file);
  }
  std::vector<Missing> take() { return std::move(missing_); }

 private:
  std::set<std::string> seen_;
  std::vector<Missing> missing_;
};

void add_gaps(const PublishedModel& model, const LoadedModel& loaded,
              Gaps& gaps) {
  if (loaded.report.empty()) gaps.add_run(model.report_file, model.needs);
  if (loaded.clean.empty()) gaps.add_run(model.clean_file, model.needs);
}

/// A split that is published but was never predicted. Training images do not
/// tell the clean run from the other, so only the first is asked for. A kept
/// folder has no checkpoint to predict with.
void add_split_gaps(const ClaimResult& result, const Published& published,
                    const LoadedModel& loaded, Gaps& gaps) {
  const std::string& split = published.set(result.claim.set).split;
  const PublishedModel& model = published.model(result.claim.model);
  for (const RunFiles& run : loaded.report.runs) {
    if (run.predictions.contains(split)) continue;
    if (fs::exists(run.path / "checkpoints")) {
      gaps.add(fmt::format("ferbench evaluate {} --split {}", run.path.string(),
                           split),
               "", "");
    } else if (!model.report_file.empty()) {
      gaps.add(fmt::format("ferbench run {} -s 'evaluate.splits=[train, val, "
                           "test]'",
                           model.report_file),
               "", "");
    }
  }
}

SourceResult compare_source(const Published& published,
                            const LoadedModels& models, Scores& scores,
                            Gaps& gaps) {
  SourceResult source;
  source.published = published;
  for (const PublishedModel& model : published.models) {
    const LoadedModel& loaded = models.at(model.name);
    source.runs.push_back({model.name, model.title, runs_text(loaded.report),
                           runs_text(loaded.clean)});
    add_gaps(model, loaded, gaps);
  }
  for (const PublishedClaim& claim : published.claims) {
    source.claims.push_back(compare_claim(published, claim, models, scores));
    const ClaimResult& result = source.claims.back();
    add_split_gaps(result, published, models.at(result.claim.model), gaps);
  }
  for (const PublishedTable& table : published.tables)
    if (const auto text = check_shares(published, table.name))
      source.shares.push_back(fmt::format("{}: {}", table.name, *text));
  return source;
}

/// Models of a source that repeats the report's faults: two classes.
std::vector<FaultInput> fault_inputs(const Published& published,
                                     const LoadedModels& models) {
  std::vector<FaultInput> inputs;
  if (published.classes.size() != 2) return inputs;
  for (const PublishedModel& model : published.models) {
    const LoadedModel& loaded = models.at(model.name);
    if (loaded.report.empty()) continue;
    inputs.push_back(
        {model.title, published.classes[1], model.report_file, &loaded.report,
         model.wrong_direction.empty() ? nullptr : &loaded.wrong_direction});
  }
  return inputs;
}

Json measured_json(const std::optional<Measured>& measured) {
  if (!measured) return nullptr;
  Json json;
  json["seeds"] = measured->seeds;
  json["mean"] = measured->mean;
  json["std"] = std::isfinite(measured->std) ? Json(measured->std) : Json();
  json["interval"] = {measured->interval.low, measured->interval.high};
  return json;
}

Json claim_json(const ClaimResult& result) {
  Json json;
  json["table"] = result.claim.table;
  json["model"] = result.claim.model;
  json["set"] = result.claim.set;
  json["positive"] = result.claim.positive;
  json["arithmetic"] = {{"verdict", verdict_name(result.check.verdict)},
                        {"text", result.check.text}};
  if (result.check.counts)
    json["arithmetic"]["matrices"] = result.check.counts->count;
  for (const Cell& cell : result.cells) {
    json["cells"].push_back({{"metric", cell.metric},
                             {"reported", cell.reported.text},
                             {"report", measured_json(cell.report)},
                             {"clean", measured_json(cell.clean)},
                             {"verdict", verdict_name(cell.verdict)}});
  }
  return json;
}

}  // namespace

Reproduction reproduce(const ReproduceOptions& options) {
  const auto all = read_published_folder(options.published.empty()
                                             ? options.results / "published"
                                             : options.published);
  const auto stored = find_runs({options.results, options.runs});
  Reproduction reproduction;
  Scores scores(options.resamples);
  Gaps gaps;
  for (const Published& published : all) {
    LoadedModels models;
    for (const PublishedModel& model : published.models) {
      models[model.name] = {load_experiment(stored, model.report),
                            load_experiment(stored, model.clean),
                            load_experiment(stored, model.wrong_direction)};
    }
    reproduction.sources.push_back(
        compare_source(published, models, scores, gaps));
    const auto inputs = fault_inputs(published, models);
    if (inputs.empty()) continue;
    auto& faults = reproduction.sources.back().faults;
    faults = {leaking_split(inputs), checkpoint_direction(inputs),
              hard_label_auc(inputs),
              arbitrary_clusters(options.results / "song_clusters.json")};
    for (const ReportFault& fault : faults)
      for (const std::string& command : fault.commands)
        gaps.add(command, "", "");
  }
  reproduction.missing = gaps.take();
  return reproduction;
}

Json reproduction_json(const Reproduction& reproduction) {
  Json json = Json::object();
  for (const SourceResult& source : reproduction.sources) {
    Json& claims = json[source.published.source] = Json::array();
    for (const ClaimResult& claim : source.claims)
      claims.push_back(claim_json(claim));
  }
  for (const Missing& missing : reproduction.missing) {
    json["missing"].push_back(
        {{"command", missing.command}, {"needs", missing.needs}});
  }
  return json;
}

}  // namespace fer
