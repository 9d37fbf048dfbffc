#include "data/near_twins.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <mutex>

#include "core/parallel.h"
#include "data/near_twins_fit.h"

namespace fer {
namespace {

// What comes before the fit may agree less than the fitted pixels must: the
// windows lie up to half a pixel off and show different sizes ...
constexpr double kSignatureSlack = 0.15;
// ... and so do the pixels at whole shifts.
constexpr double kFitGain = 0.25;

// What a fit may gain or lose when the pictures change places.
constexpr double kSidesDiffer = 0.03;

// Of those that answer a picture only the most alike are measured: where
// thousands are alike (drawn faces) the work still grows with n alone. A group
// of more twins than this holds together through its members.
constexpr size_t kMostCandidates = 16;

// A key of log2(n) less this many bits: buckets keep their size as n grows.
constexpr int kBucketBits = 3;

// ------------------------------------------------------------- candidates

// Two pictures, and how they were seen to fit: as in TwinPair.
struct Candidate {
  uint32_t a, b;
  int8_t dx, dy;
  bool mirrored;
  int32_t likeness;  ///< kUnit^2 times that of the signatures
};

constexpr float kUnit = 8192;

// A signature in whole numbers: half the memory, and sums without rounding.
using Short = std::array<int16_t, kComponents>;

Short shorten(const Signature& signature) {
  Short result;
  for (size_t i = 0; i < kComponents; ++i)
    result[i] = static_cast<int16_t>(kUnit * signature[i]);
  return result;
}

int32_t product(const Short& a, const Short& b) {
  int32_t sum = 0;
  for (size_t i = 0; i < kComponents; ++i) sum += int32_t{a[i]} * int32_t{b[i]};
  return sum;
}

// The windows in the middle, under their keys.
class Table {
 public:
  Table(const Pictures& pictures, std::span<const int64_t> rows, int max_shift)
      : hash_(make_hash(pictures, rows, max_shift)),
        starts_((size_t{1} << hash_.bits()) + 1) {
    std::vector<uint32_t> keys(descriptors_.size());
    std::vector<Short> shorts(keys.size());
    parallel_for(
        keys.size(),
        [&](size_t begin, size_t end) {
          Signature plain, unused;
          for (size_t i = begin; i < end; ++i) {
            hash_.sign(descriptors_[i], plain, unused);
            keys[i] = hash_.key(plain);
            shorts[i] = shorten(plain);
          }
        },
        4096);
    descriptors_ = {};
    for (const uint32_t key : keys) ++starts_[key + 1];
    for (size_t k = 1; k < starts_.size(); ++k) starts_[k] += starts_[k - 1];
    auto next = starts_;
    members_.resize(keys.size());
    shorts_.resize(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      const uint32_t at = next[keys[i]]++;
      members_[at] = owners_[i];
      shorts_[at] = shorts[i];
    }
  }

  const PerceptualHash& hash() const { return hash_; }

  /// use(member, likeness) for each entry under `key`.
  template <class Use>
  void look_up(uint32_t key, const Short& asked, const Use& use) const {
    for (uint32_t at = starts_[key]; at < starts_[key + 1]; ++at)
      use(members_[at], product(shorts_[at], asked));
  }

 private:
  PerceptualHash make_hash(const Pictures& pictures,
                           std::span<const int64_t> rows, int max_shift) {
    const int centre = Windows::centre(max_shift);
    for (size_t i = 0; i < rows.size(); ++i) {
      const Windows windows(pictures[static_cast<size_t>(rows[i])], max_shift);
      Descriptor descriptor;
      if (!windows.describe(centre, centre, descriptor)) continue;
      descriptors_.push_back(descriptor);
      owners_.push_back(static_cast<uint32_t>(i));
    }
    const int bits = static_cast<int>(std::bit_width(descriptors_.size()));
    return {descriptors_, std::clamp(bits - kBucketBits, 1, 24)};
  }

  std::vector<Descriptor> descriptors_;
  std::vector<uint32_t> owners_;
  PerceptualHash hash_;
  std::vector<uint32_t> starts_;   ///< of each key in members_
  std::vector<uint32_t> members_;  ///< positions in rows
  std::vector<Short> shorts_;      ///< beside members_
};

class Search {
 public:
  Search(const Pictures& pictures, std::span<const int64_t> rows,
         const TwinConfig& config)
      : pictures_(pictures),
        rows_(rows),
        config_(config),
        least_(static_cast<int32_t>((config.min_correlation - kSignatureSlack) *
                                    double{kUnit} * double{kUnit})),
        table_(pictures, rows, config.max_shift) {}

  /// The best fit of each pair, ascending by pair.
  std::vector<Candidate> candidates() const {
    std::vector<Candidate> all;
    std::mutex mutex;
    parallel_for(
        rows_.size(),
        [&](size_t begin, size_t end) {
          std::vector<Candidate> found;
          for (size_t i = begin; i < end; ++i)
            ask(static_cast<uint32_t>(i), found);
          const std::lock_guard lock(mutex);
          all.insert(all.end(), found.begin(), found.end());
        },
        256);
    keep_best(all);
    return all;
  }

 private:
  static void keep_best(std::vector<Candidate>& all) {
    const auto key = [](const Candidate& c) {
      return std::tuple(c.a, c.b, -c.likeness, c.mirrored, c.dy, c.dx);
    };
    std::ranges::sort(all, {}, key);
    const auto same = [](const Candidate& x, const Candidate& y) {
      return x.a == y.a && x.b == y.b;
    };
    all.erase(std::unique(all.begin(), all.end(), same), all.end());
  }

  void ask(uint32_t i, std::vector<Candidate>& found) const {
    const Windows windows(pictures_[static_cast<size_t>(rows_[i])],
                          config_.max_shift);
    const int centre = Windows::centre(config_.max_shift);
    const size_t before = found.size();
    for (int dy = -config_.max_shift; dy <= config_.max_shift; ++dy) {
      for (int dx = -config_.max_shift; dx <= config_.max_shift; ++dx) {
        Descriptor descriptor;
        if (!windows.describe(centre - dx, centre - dy, descriptor)) continue;
        Signature plain, mirrored;
        table_.hash().sign(descriptor, plain, mirrored);
        ask(i, plain, dx, dy, false, found);
        if (config_.mirror) ask(i, mirrored, dx, dy, true, found);
      }
    }
    std::vector<Candidate> own(found.begin() + static_cast<int64_t>(before),
                               found.end());
    keep_best(own);
    if (own.size() > kMostCandidates) {
      std::ranges::stable_sort(own, std::ranges::greater(),
                               &Candidate::likeness);
      own.resize(kMostCandidates);
    }
    found.resize(before);
    found.insert(found.end(), own.begin(), own.end());
  }

  // Pixel (x, y) of picture i lies at (x + dx, y + dy) of the member, or the
  // mirror image of i does.
  void ask(uint32_t i, const Signature& signature, int dx, int dy, bool mirror,
           std::vector<Candidate>& found) const {
    const Short asked = shorten(signature);
    for (const uint32_t key : table_.hash().probe(signature)) {
      table_.look_up(key, asked, [&](uint32_t member, int32_t like) {
        if (like < least_ || member == i) return;
        // Seen from the other picture a shift turns about; across a mirror
        // image it stays.
        const bool first = i < member;
        const int x = first || mirror ? dx : -dx, y = first ? dy : -dy;
        found.push_back({std::min(i, member), std::max(i, member),
                         static_cast<int8_t>(x), static_cast<int8_t>(y), mirror,
                         like});
      });
    }
  }

  const Pictures& pictures_;
  std::span<const int64_t> rows_;
  const TwinConfig& config_;
  int32_t least_;
  Table table_;
};

// ------------------------------------------------------------- decision

struct Start {
  float correlation = -1;
  int dx = 0, dy = 0;
};

// The best whole shift within one pixel of where the descriptors fitted.
Start best_start(const uint8_t* a, const uint8_t* b, const Candidate& candidate,
                 int max_shift) {
  Start best;
  for (int dy = candidate.dy - 1; dy <= candidate.dy + 1; ++dy) {
    for (int dx = candidate.dx - 1; dx <= candidate.dx + 1; ++dx) {
      if (std::abs(dx) > max_shift || std::abs(dy) > max_shift) continue;
      const float value = shifted_correlation(a, b, dx, dy);
      if (value > best.correlation) best = {value, dx, dy};
    }
  }
  return best;
}

// Reading b between its pixels smooths it, reading a smooths that one: where
// the first way just fails, the second may not. So a pair is judged alike from
// both sides.
Fit fit_both_ways(const uint8_t* a, const uint8_t* b, const Start& start,
                  const TwinConfig& config) {
  const Fit fit = fit_pictures(a, b, start.dx, start.dy, config.max_shift);
  const double lack = config.min_correlation - fit.correlation;
  if (lack <= 0 || lack > kSidesDiffer) return fit;
  const Fit back = fit_pictures(b, a, -start.dx, -start.dy, config.max_shift);
  if (back.correlation <= fit.correlation) return fit;
  return {back.correlation, 1 / back.zoom, -back.dx / back.zoom,
          -back.dy / back.zoom};
}

TwinPair measure(const Pictures& pictures, std::span<const int64_t> rows,
                 const Candidate& candidate, const TwinConfig& config) {
  TwinPair pair{rows[candidate.a], rows[candidate.b]};
  pair.mirrored = candidate.mirrored;
  const uint8_t* a = pictures[static_cast<size_t>(pair.a)];
  const uint8_t* b = pictures[static_cast<size_t>(pair.b)];
  std::array<uint8_t, kPictureSide * kPictureSide> turned;
  if (candidate.mirrored) {
    for (size_t y = 0; y < kPictureSide; ++y) {
      const uint8_t* row = b + y * kPictureSide;
      std::reverse_copy(row, row + kPictureSide,
                        turned.begin() + y * kPictureSide);
    }
    b = turned.data();
  }
  const Start start = best_start(a, b, candidate, config.max_shift);
  if (start.correlation < config.min_correlation - kFitGain) return pair;
  const Fit fit = fit_both_ways(a, b, start, config);
  pair.correlation = fit.correlation;
  pair.zoom = fit.zoom;
  pair.dx = fit.dx;
  pair.dy = fit.dy;
  return pair;
}

}  // namespace

std::vector<TwinPair> find_near_twins(const ImageSet& images,
                                      std::span<const int64_t> rows,
                                      const TwinConfig& config) {
  if (images.height < kLeastSide || images.width < kLeastSide) return {};
  const Pictures pictures(images);
  const auto candidates = Search(pictures, rows, config).candidates();
  std::vector<TwinPair> pairs(candidates.size());
  parallel_for(
      pairs.size(),
      [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i)
          pairs[i] = measure(pictures, rows, candidates[i], config);
      },
      64);
  std::erase_if(pairs, [&](const TwinPair& pair) {
    return pair.correlation < static_cast<float>(config.min_correlation);
  });
  return pairs;
}

}  // namespace fer
