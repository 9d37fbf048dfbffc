#include "reproduce/arithmetic.h"

#include <algorithm>
#include <bit>
#include <map>

#include "core/error.h"
#include "core/text.h"
#include "report/format.h"
#include "reproduce/rates.h"

namespace fer {
namespace {

using Verdict = ArithmeticCheck::Verdict;

constexpr int64_t kSearched = 400;  // images, for the smallest example

struct Named {
  const char* metric;
  std::optional<Bounds> ScoreBounds::*member;
};
constexpr Named kNamed[] = {{"accuracy", &ScoreBounds::accuracy},
                            {"class_accuracy", &ScoreBounds::accuracy},
                            {"precision", &ScoreBounds::precision},
                            {"recall", &ScoreBounds::recall},
                            {"specificity", &ScoreBounds::specificity},
                            {"f1", &ScoreBounds::f1}};

/// What the claim says about its class, for those metrics whose bit is set.
ScoreBounds scores_of(const Published& published, const PublishedClaim& claim,
                      Rounding rounding, unsigned chosen = ~0u) {
  ScoreBounds scores;
  for (size_t i = 0; i < claim.values.size(); ++i) {
    const PublishedValue& value = claim.values[i];
    // Over many classes the accuracy is not that of one against the rest.
    if (value.metric == "accuracy" && published.classes.size() > 2) continue;
    for (const Named& named : kNamed) {
      if (value.metric == named.metric && (chosen >> i & 1u))
        scores.*named.member = bounds_of(value.number, rounding);
    }
  }
  return scores;
}

bool any_ratio(const ScoreBounds& scores) {
  return scores.precision || scores.recall || scores.specificity || scores.f1;
}

std::optional<int64_t> positives_of(const PublishedSet& set,
                                    const PublishedClaim& claim) {
  const auto found = set.classes.find(claim.positive);
  if (found == set.classes.end()) return std::nullopt;
  return found->second;
}

bool possible(const ScoreBounds& scores, const PublishedSet& set,
              std::optional<int64_t> positives) {
  return set.images > 0 ? feasible(scores, set.images, positives).possible()
                        : possible_shares(scores).possible;
}

std::string range_text(int64_t low, int64_t high) {
  const std::string first = format_count(static_cast<double>(low));
  if (low == high) return first;
  return first + " to " + format_count(static_cast<double>(high));
}

std::string counts_text(const Feasibility& found) {
  const BinaryCounts &low = found.low, &high = found.high,
                     &some = found.example;
  return fmt::format("{}: TP {}, FP {}, FN {}, TN {}; one is {} / {} / {} / {}",
                     found.count == 1
                         ? "1 confusion matrix fits"
                         : format_count(static_cast<double>(found.count)) +
                               " confusion matrices fit",
                     range_text(low.tp, high.tp), range_text(low.fp, high.fp),
                     range_text(low.fn, high.fn), range_text(low.tn, high.tn),
                     some.tp, some.fp, some.fn, some.tn);
}

std::vector<Rounding> rules_of(const PublishedClaim& claim) {
  if (claim.printed == "float32") return {Rounding::kFloat32};
  return {std::begin(kRoundingRules), std::end(kRoundingRules)};
}

/// The fewest numbers of the claim that contradict each other.
std::string contradiction(const Published& published,
                          const PublishedClaim& claim, const PublishedSet& set,
                          std::optional<int64_t> positives) {
  std::vector<unsigned> subsets;
  for (unsigned s = 1; s < (1u << claim.values.size()); ++s)
    subsets.push_back(s);
  std::ranges::stable_sort(subsets, {},
                           [](unsigned s) { return std::popcount(s); });
  for (const unsigned subset : subsets) {
    const bool fits = std::ranges::any_of(rules_of(claim), [&](Rounding rule) {
      return possible(scores_of(published, claim, rule, subset), set,
                      positives);
    });
    if (fits) continue;
    std::vector<std::string> names;
    for (size_t i = 0; i < claim.values.size(); ++i) {
      if (subset >> i & 1u) {
        names.push_back(claim.values[i].metric + " " +
                        claim.values[i].number.text);
      }
    }
    return join(names, ", ") +
           (names.size() > 1 ? " exclude each other" : " cannot occur");
  }
  return "";
}

ArithmeticCheck impossible(const Published& published,
                           const PublishedClaim& claim, const PublishedSet& set,
                           std::optional<int64_t> positives) {
  const std::string size =
      set.images > 0
          ? fmt::format("on {} images",
                        format_count(static_cast<double>(set.images)))
          : "on a test set of any size";
  return {Verdict::kImpossible,
          fmt::format("No counts give these numbers {}, rounded or truncated: "
                      "{}.",
                      size, contradiction(published, claim, set, positives)),
          {}};
}

ArithmeticCheck any_size(const ScoreBounds& scores) {
  const ShareRange shares = possible_shares(scores);
  const auto total = smallest_total(scores, kSearched);
  std::string text =
      total ? fmt::format(
                  "Possible; the smallest test set that gives these "
                  "numbers has {} images.",
                  *total)
            : fmt::format("Possible, on more than {} images.", kSearched);
  if (shares.low.numerator > 0 || shares.high.value() < 1) {
    text += fmt::format(" {} to {} of its images are of this class.",
                        format_percent(shares.low.value()),
                        format_percent(shares.high.value()));
  }
  return {Verdict::kPossible, text, {}};
}

ArithmeticCheck check_class(const Published& published,
                            const PublishedClaim& claim) {
  const PublishedSet& set = published.set(claim.set);
  const auto positives = positives_of(set, claim);
  for (const Rounding rule : rules_of(claim)) {
    const ScoreBounds scores = scores_of(published, claim, rule);
    if (!possible(scores, set, positives)) continue;
    ArithmeticCheck check;
    if (set.images > 0) {
      check = {Verdict::kPossible, "", feasible(scores, set.images, positives)};
      check.text = counts_text(*check.counts) + ".";
    } else {
      check = any_size(scores);
    }
    if (rule == Rounding::kTruncated)
      check.text = "Only if truncated, not rounded. " + check.text;
    return check;
  }
  return impossible(published, claim, set, positives);
}

/// Counts of right answers among `images` that print as `value`, and how.
std::pair<CountRange, Rounding> right_answers(const PublishedClaim& claim,
                                              const PublishedValue& value,
                                              int64_t images) {
  const std::vector<Rounding> rules = rules_of(claim);
  for (const Rounding rule : rules) {
    const auto counts = counts_between(bounds_of(value.number, rule), images);
    if (!counts.empty()) return {counts, rule};
  }
  return {{}, rules.front()};
}

std::string right_text(const PublishedClaim& claim, const PublishedValue& value,
                       int64_t images) {
  const auto [counts, rule] = right_answers(claim, value, images);
  if (counts.empty())
    return fmt::format("no count of {} images",
                       format_count(static_cast<double>(images)));
  return fmt::format("{} of {} right answers{}",
                     range_text(counts.low, counts.high),
                     format_count(static_cast<double>(images)),
                     rule == Rounding::kTruncated ? " (truncated)" : "");
}

ArithmeticCheck check_accuracy(const Published& published,
                               const PublishedClaim& claim,
                               const PublishedValue& accuracy) {
  const PublishedSet& set = published.set(claim.set);
  std::vector<int64_t> sizes = set.candidates;
  if (set.images > 0) sizes = {set.images};
  if (sizes.empty()) {
    return {Verdict::kNothingToCheck,
            "The number of images is not stated: nothing to check.",
            {}};
  }
  std::vector<std::string> parts;
  bool fits = false;
  for (const int64_t images : sizes) {
    fits = fits || !right_answers(claim, accuracy, images).first.empty();
    parts.push_back(right_text(claim, accuracy, images));
  }
  return {fits ? Verdict::kPossible : Verdict::kImpossible,
          fmt::format("{} is {}.", accuracy.number.text, join(parts, "; ")),
          {}};
}

ArithmeticCheck check_numbers(const Published& published,
                              const PublishedClaim& claim) {
  const ScoreBounds scores = scores_of(published, claim, Rounding::kNearest);
  if (any_ratio(scores)) {
    if (claim.positive.empty())
      return {Verdict::kNothingToCheck,
              "Means over classes: there are no counts to look for.",
              {}};
    if (claim.printed == "float32" && published.set(claim.set).images == 0)
      return {Verdict::kNothingToCheck,
              "32-bit digits need the number of images: nothing to check.",
              {}};
    return check_class(published, claim);
  }
  if (const PublishedValue* accuracy = claim.find("accuracy"))
    return check_accuracy(published, claim, *accuracy);
  return {Verdict::kNothingToCheck, "Not a ratio of counts.", {}};
}

}  // namespace

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPossible:
      return "possible";
    case Verdict::kImpossible:
      return "impossible";
    default:
      return "nothing to check";
  }
}

ArithmeticCheck check_claim(const Published& published,
                            const PublishedClaim& claim) {
  try {
    return check_numbers(published, claim);
  } catch (const DataError& error) {
    fail<DataError>("{}: {}", claim.position, error.what());
  }
}

std::optional<std::string> check_shares(const Published& published,
                                        const std::string& table) {
  struct Asked {
    std::vector<std::string> parts;
    double low = 0;
  };
  // Another model's rows speak of the same images again.
  std::map<std::pair<std::string, std::string>, Asked> by_model_and_set;
  for (const PublishedClaim& claim : published.claims) {
    if (claim.table != table || claim.positive.empty()) continue;
    ScoreBounds scores = scores_of(published, claim, Rounding::kNearest);
    if (!scores.specificity || !scores.recall || !scores.precision) continue;
    scores.accuracy.reset();
    const ShareRange range = possible_shares(scores);
    if (!range.possible) continue;
    Asked& asked = by_model_and_set[{claim.model, claim.set}];
    asked.low += range.low.value();
    asked.parts.push_back(fmt::format("{} at least {}", claim.positive,
                                      format_percent(range.low.value())));
  }
  for (const auto& [who, asked] : by_model_and_set) {
    if (asked.parts.size() < 2 || asked.low <= 1) continue;
    return fmt::format(
        "One test set cannot hold these classes: specificity, recall and "
        "precision ask for {} of its images, together {}.",
        join(asked.parts, ", "), format_percent(asked.low));
  }
  return std::nullopt;
}

}  // namespace fer
