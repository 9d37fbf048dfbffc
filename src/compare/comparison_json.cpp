#include "compare/comparison.h"

namespace fer {
namespace {

Json interval_json(const Interval& interval) {
  return Json::array({interval.low, interval.high});
}

Json entry_json(const Comparison& comparison, size_t i) {
  const CompareEntry& entry = comparison.entry(i);
  const EntryScore& score = comparison.scores[i];
  Json folders = Json::array();
  for (const auto& folder : entry.folders) folders.push_back(folder.string());
  Json json = {
      {"name", entry.name},
      {"path", entry.path.string()},
      {"folders", folders},
      {"protocol", entry.protocol},
      {"leaky", entry.leaky},
      {"leaky_share", entry.leaky_share ? Json(*entry.leaky_share) : Json()},
      {"n_seeds", entry.seeds()},
      {"value", score.value},
      {"interval", interval_json(score.interval)}};
  if (score.variance) {
    json["std_over_seeds"] = score.seeds.std;
    json["interval_over_seeds"] = interval_json(score.seeds.interval);
    json["std_seed"] = score.variance->std_seed;
    json["std_sample"] = score.variance->std_sample;
  }
  const auto metrics = compare_metrics();
  for (size_t m = 0; m < metrics.size(); ++m)
    json["scores"][std::string(metrics[m].name)] = comparison.values[i][m];
  return json;
}

Json difference_json(const Difference& d) {
  return {{"what", d.what},
          {"value_first", d.a},
          {"value_second", d.b},
          {"difference", d.difference},
          {"interval", interval_json(d.interval)},
          {"p", d.p},
          {"test", name_of(d.test)}};
}

std::string verdict_of(const Comparison& comparison, const PairTest& pair) {
  if (!comparison.lineup.ranked) return "not_ranked";
  return pair.distinguishable ? "better" : "not_distinguishable";
}

Json pair_json(const Comparison& comparison, const PairTest& pair) {
  Json json = {{"first", comparison.entry(pair.a).name},
               {"second", comparison.entry(pair.b).name},
               {"verdict", verdict_of(comparison, pair)},
               {"holm_p", pair.holm_p}};
  json.update(difference_json(pair.difference));
  return json;
}

Json ids_json(const std::vector<Disagreement>& pictures) {
  Json ids = Json::array();
  for (const Disagreement& picture : pictures) ids.push_back(picture.id);
  return ids;
}

Json details_json(const Comparison& comparison, const PairDetails& pair) {
  Json json = {{"first", comparison.entry(pair.a).name},
               {"second", comparison.entry(pair.b).name}};
  if (pair.mcnemar) {
    json["rows"] = {{"both_right", pair.both_right},
                    {"only_first", pair.mcnemar->only_a},
                    {"only_second", pair.mcnemar->only_b},
                    {"both_wrong", pair.both_wrong}};
    json["mcnemar_exact_p"] = pair.mcnemar->exact_p;
    json["mcnemar_mid_p"] = pair.mcnemar->mid_p;
  }
  json["metrics"] = Json::array();
  for (const Difference& d : pair.metrics)
    json["metrics"].push_back(difference_json(d));
  json["recalls"] = Json::array();
  for (const Difference& d : pair.recalls)
    json["recalls"].push_back(difference_json(d));
  json["first_better"] = ids_json(pair.pictures.a_better);
  json["second_better"] = ids_json(pair.pictures.b_better);
  return json;
}

}  // namespace

Json compare_json(const Comparison& comparison) {
  const Lineup& lineup = comparison.lineup;
  Json json = {{"sentence", compare_sentence(comparison)},
               {"split", lineup.split},
               {"metric", comparison.metric},
               {"n", lineup.rows()},
               {"different_images", lineup.units},
               {"ranked", lineup.ranked},
               {"alpha", kAlpha},
               {"resamples", comparison.resamples}};
  json["runs"] = Json::array();
  for (const size_t i : comparison.order)
    json["runs"].push_back(entry_json(comparison, i));
  json["pairs"] = Json::array();
  for (const PairTest& pair : comparison.pairs)
    json["pairs"].push_back(pair_json(comparison, pair));
  json["details"] = Json::array();
  for (const PairDetails& pair : comparison.details)
    json["details"].push_back(details_json(comparison, pair));
  json["notes"] = lineup.notes;
  return json;
}

}  // namespace fer
