#include "reproduce/score_statistic.h"

#include <algorithm>
#include <limits>

#include "core/error.h"
#include "core/text.h"

namespace fer {
namespace {

/// Weighted share of the rows of `among` that are `right`; NaN without any.
Statistic share_statistic(std::vector<bool> among, std::vector<bool> right) {
  return [among = std::move(among),
          right = std::move(right)](std::span<const double> weights) {
    double hits = 0, all = 0;
    for (size_t i = 0; i < weights.size(); ++i) {
      if (!among[i]) continue;
      all += weights[i];
      if (right[i]) hits += weights[i];
    }
    return all > 0 ? hits / all : std::numeric_limits<double>::quiet_NaN();
  };
}

Statistic specificity_statistic(const Predictions& p, int64_t k) {
  std::vector<bool> among, right;
  for (size_t i = 0; i < p.size(); ++i) {
    among.push_back(p.labels[i] != k);
    right.push_back(p.predicted[i] != k);
  }
  return share_statistic(std::move(among), std::move(right));
}

/// Class k against the rest.
Statistic class_accuracy_statistic(const Predictions& p, int64_t k) {
  std::vector<bool> right;
  for (size_t i = 0; i < p.size(); ++i)
    right.push_back((p.labels[i] == k) == (p.predicted[i] == k));
  return share_statistic(std::vector<bool>(p.size(), true), std::move(right));
}

/// The area under a ROC curve of decisions: mean of recall and specificity.
Statistic hard_auc_statistic(const Predictions& p, int64_t k) {
  return [recall = recall_statistic(p, static_cast<size_t>(k)),
          specificity =
              specificity_statistic(p, k)](std::span<const double> weights) {
    return (recall(weights) + specificity(weights)) / 2;
  };
}

Statistic class_statistic(const Predictions& p, const std::string& metric,
                          size_t k) {
  const auto label = static_cast<int64_t>(k);
  if (metric == "precision") return precision_statistic(p, k);
  if (metric == "recall") return recall_statistic(p, k);
  if (metric == "f1") return f1_statistic(p, k);
  if (metric == "specificity") return specificity_statistic(p, label);
  if (metric == "auc") return auc_statistic(p, k);
  if (metric == "auc_from_hard_labels") return hard_auc_statistic(p, label);
  if (metric == "class_accuracy") return class_accuracy_statistic(p, label);
  fail<DataError>("[reproduce] expected a score of a class; got \"{}\".",
                  metric);
}

size_t class_of(const Predictions& p, const std::string& positive,
                const std::string& where) {
  const auto found = std::ranges::find(p.class_names, positive);
  if (found == p.class_names.end()) {
    fail<DataError>(
        "[reproduce] expected the class {} of the published table; got {} "
        "({}). Name the experiment's classes as the table does "
        "(data.relabel).",
        positive, join(p.class_names, ", "), where);
  }
  const auto k = found - p.class_names.begin();
  if (std::ranges::count(p.labels, k) == 0) {
    fail<DataError>(
        "[reproduce] expected images of the class {}; got none among {} ({}). "
        "Precision and recall are undefined: check the split.",
        positive, p.size(), where);
  }
  return static_cast<size_t>(k);
}

Statistic mean_of(std::vector<Statistic> parts) {
  return [parts = std::move(parts)](std::span<const double> weights) {
    double sum = 0;
    for (const Statistic& part : parts) sum += part(weights);
    return sum / static_cast<double>(parts.size());
  };
}

}  // namespace

bool lower_is_better(const std::string& metric) { return metric == "log_loss"; }

Statistic score_statistic(const Predictions& predictions,
                          const std::string& metric,
                          const std::string& positive,
                          const std::string& where) {
  if (predictions.size() == 0) {
    fail<DataError>(
        "[reproduce] expected predictions; got a file without rows ({}). Run "
        "`ferbench evaluate` again.",
        where);
  }
  if (metric == "accuracy") return accuracy_statistic(predictions);
  if (metric == "log_loss") return log_loss_statistic(predictions);
  if (!positive.empty()) {
    return class_statistic(predictions, metric,
                           class_of(predictions, positive, where));
  }
  std::vector<Statistic> parts;
  for (const std::string& name : predictions.class_names) {
    parts.push_back(class_statistic(predictions, metric,
                                    class_of(predictions, name, where)));
  }
  return mean_of(std::move(parts));
}

}  // namespace fer
