#include "report/failures.h"

#include <algorithm>
#include <tuple>

namespace fer {

std::vector<ClassFailures> confident_failures(const Predictions& predictions,
                                              size_t count) {
  check_predictions(predictions);
  std::vector<ClassFailures> classes(predictions.classes());
  for (size_t i = 0; i < predictions.size(); ++i) {
    ClassFailures& own = classes[static_cast<size_t>(predictions.labels[i])];
    ++own.images;
    if (predictions.predicted[i] == predictions.labels[i]) continue;
    const auto predicted = static_cast<size_t>(predictions.predicted[i]);
    own.worst.push_back(
        {predictions.ids[i], predicted, predictions.probability(i, predicted)});
  }
  for (ClassFailures& own : classes) {
    own.wrong = own.worst.size();
    std::ranges::sort(own.worst, [](const Failure& a, const Failure& b) {
      return std::tie(b.probability, a.id) < std::tie(a.probability, b.id);
    });
    own.worst.resize(std::min(count, own.worst.size()));
  }
  return classes;
}

Json failures_json(const std::vector<ClassFailures>& failures,
                   const std::vector<std::string>& class_names) {
  Json classes = Json::array();
  for (size_t label = 0; label < failures.size(); ++label) {
    Json worst = Json::array();
    for (const Failure& failure : failures[label].worst)
      worst.push_back({{"id", failure.id},
                       {"predicted", class_names.at(failure.predicted)},
                       {"probability", failure.probability}});
    classes.push_back({{"class", class_names.at(label)},
                       {"images", failures[label].images},
                       {"wrong", failures[label].wrong},
                       {"worst", std::move(worst)}});
  }
  return classes;
}

}  // namespace fer
