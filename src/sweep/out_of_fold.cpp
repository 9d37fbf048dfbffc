#include "sweep/out_of_fold.h"

#include <map>
#include <set>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "metrics/metrics_json.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

void append(Predictions& all, const Predictions& fold) {
  const auto add = [](auto& to, const auto& from) {
    to.insert(to.end(), from.begin(), from.end());
  };
  add(all.ids, fold.ids);
  add(all.labels, fold.labels);
  add(all.predicted, fold.predicted);
  add(all.probabilities, fold.probabilities);
}

Predictions join_predictions(const std::vector<fs::path>& folds) {
  Predictions all;
  std::map<std::string, std::string> home;  // id -> fold
  for (const fs::path& fold : folds) {
    const fs::path path = fold / "predictions-test.csv";
    const Predictions part = read_predictions(path);
    if (all.class_names.empty()) all.class_names = part.class_names;
    if (all.class_names != part.class_names) {
      fail<DataError>(
          "[folds] expected the same classes in every fold; got others ({}). "
          "Run the folds anew.",
          path.string());
    }
    for (const std::string& id : part.ids) {
      const std::string& first = home.emplace(id, fold.string()).first->second;
      if (first == fold.string()) continue;
      fail<DataError>(
          "[folds] expected each image in the test of one fold; got '{}' in "
          "two ({} and {}). Run the folds anew.",
          id, first, fold.string());
    }
    append(all, part);
  }
  return all;
}

// What all folds agree on, and the sums of what belongs to one.
Json join_audits(const std::vector<fs::path>& folds, double& share,
                 size_t& copies) {
  Json all;
  int64_t exact = 0, near = 0, rows = 0;
  double weighted = 0;
  Json groups = Json::array();
  for (const fs::path& fold : folds) {
    const Json audit = read_json(fold / "audit.json");
    if (all.is_null()) all = audit;
    const Json pair = audit.value("cross_split", Json::object())
                          .value("train-test", Json::object());
    const Json metrics = read_json(fold / "metrics.json");
    const int64_t n = metrics.at("test").at("n").get<int64_t>();
    exact += pair.value("exact", int64_t{0});
    if (pair.contains("near") && pair.at("near").is_number())
      near += pair.at("near").get<int64_t>();
    weighted += pair.value("share", 0.0) * static_cast<double>(n);
    rows += n;
    const Json twins = audit.value("twin_groups", Json::object());
    for (const Json& group : twins.value("test", Json::array()))
      groups.push_back(group);
  }
  share = rows > 0 ? weighted / static_cast<double>(rows) : 0;
  copies = static_cast<size_t>(exact + near);
  // Every image is in train once and in validation once: these say nothing now.
  for (const char* key :
       {"class_counts", "class_balance", "drift", "weights_overlap"})
    all.erase(key);
  all["cross_split"] = {
      {"train-test", {{"exact", exact}, {"near", near}, {"share", share}}}};
  all["twin_groups"] = {{"test", std::move(groups)}};
  return all;
}

// The keys about the whole run that are the same in every fold.
Json shared_keys(const std::vector<fs::path>& folds) {
  Json shared = read_json(folds.front() / "metrics.json");
  for (const char* split : {"train", "val", "test"}) shared.erase(split);
  for (const fs::path& fold : folds) {
    const Json metrics = read_json(fold / "metrics.json");
    std::vector<std::string> others;
    for (const auto& [key, value] : shared.items()) {
      if (!metrics.contains(key) || metrics.at(key) != value)
        others.push_back(key);
    }
    for (const std::string& key : others) shared.erase(key);
  }
  return shared;
}

}  // namespace

Json join_folds(const std::vector<fs::path>& folds, const fs::path& folder,
                const EvaluateConfig& evaluate) {
  const Predictions all = join_predictions(folds);
  double share = 0;
  size_t copies = 0;
  write_json(folder / "audit.json", join_audits(folds, share, copies));
  write_predictions(folder / "predictions-test.csv", all);
  Json metrics = {{"test", metrics_json(all, evaluate.positive_class,
                                        evaluate.zero_division)}};
  metrics["test"]["predictions_sha256"] =
      sha256(read_file(folder / "predictions-test.csv"));
  metrics.update(shared_keys(folds));
  metrics["folds"] = folds.size();
  metrics["leaky"] = copies > 0;
  metrics["leaky_share"] = share;
  write_json(folder / "metrics.json", metrics);  // last: it says "complete"
  return metrics;
}

}  // namespace fer
