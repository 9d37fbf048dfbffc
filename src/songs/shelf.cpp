#include "songs/shelf.h"

#include <cmath>
#include <limits>
#include <queue>

#include "core/error.h"

namespace fer {
namespace {

class PopularShelf : public Shelf {
 public:
  PopularShelf(const SongDatabase& songs, const char* column,
               const std::string& value)
      : statement_(
            songs.connection(),
            fmt::format("SELECT {} FROM songs {} ORDER BY popularity DESC, "
                        "track_id",
                        song_columns(),
                        column == nullptr
                            ? ""
                            : fmt::format("WHERE {} = ? {}", column,
                                          std::string_view(column) == "mood"
                                              ? "COLLATE NOCASE"
                                              : ""))) {
    if (column) statement_.bind(1, std::string_view(value));
  }

  std::optional<Song> next() override {
    if (done_ || !statement_.step()) {
      done_ = true;
      return std::nullopt;
    }
    return song_of(statement_);
  }

 private:
  Statement statement_;
  bool done_ = false;
};

// A song that was read but may not be the nearest yet.
struct Candidate {
  double distance, popularity;
  std::string id;

  bool operator>(const Candidate& other) const {
    if (distance != other.distance) return distance > other.distance;
    if (popularity != other.popularity) return popularity < other.popularity;
    return id > other.id;
  }
};

double squared(double rank, double target) {
  return std::isnan(rank) ? 0 : (rank - target) * (rank - target);
}

// Walks the valence index away from the point in one direction.
class Walk {
 public:
  Walk(const SongDatabase& songs, const MoodPoint& point, bool up)
      : point_(point),
        statement_(
            songs.connection(),
            fmt::format("SELECT valence_rank, arousal_rank, dominance_rank, "
                        "popularity, track_id FROM songs WHERE valence_rank {} "
                        "? ORDER BY "
                        "valence_rank {}",
                        up ? ">=" : "<", up ? "" : "DESC")) {
    statement_.bind(1, point.valence);
    advance();
  }

  /// Squared distance in valence alone of the row to come: no unread row of
  /// this direction is nearer.
  double bound() const { return bound_; }

  Candidate take() {
    Candidate candidate{bound_ + squared(statement_.number(1), point_.arousal) +
                            squared(statement_.number(2), point_.dominance),
                        popularity(), statement_.text(4)};
    advance();
    return candidate;
  }

 private:
  // Unknown popularity stands behind any other.
  double popularity() const {
    const double value = statement_.number(3);
    return std::isnan(value) ? -1 : value;
  }

  void advance() {
    bound_ = statement_.step() ? squared(statement_.number(0), point_.valence)
                               : std::numeric_limits<double>::infinity();
  }

  MoodPoint point_;
  Statement statement_;
  double bound_ = 0;
};

class NearestShelf : public Shelf {
 public:
  NearestShelf(const SongDatabase& songs, const MoodPoint& point)
      : songs_(songs), up_(songs, point, true), down_(songs, point, false) {}

  std::optional<Song> next() override {
    // Ties must all be read before one is given, hence <=.
    while (std::isfinite(bound()) &&
           (waiting_.empty() || bound() <= waiting_.top().distance))
      read();
    if (waiting_.empty()) return std::nullopt;
    const std::string id = waiting_.top().id;
    waiting_.pop();
    return songs_.find(id);
  }

 private:
  double bound() const { return std::min(up_.bound(), down_.bound()); }
  void read() {
    Walk& walk = up_.bound() <= down_.bound() ? up_ : down_;
    waiting_.push(walk.take());
  }

  const SongDatabase& songs_;
  Walk up_, down_;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>>
      waiting_;
};

class ListShelf : public Shelf {
 public:
  explicit ListShelf(std::vector<Song> songs) : songs_(std::move(songs)) {}
  std::optional<Song> next() override {
    if (at_ == songs_.size()) return std::nullopt;
    return songs_[at_++];
  }

 private:
  std::vector<Song> songs_;
  size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Shelf> popular_shelf(const SongDatabase& songs,
                                     const char* column,
                                     const std::string& value) {
  return std::make_unique<PopularShelf>(songs, column, value);
}

std::unique_ptr<Shelf> nearest_shelf(const SongDatabase& songs,
                                     const MoodPoint& point) {
  return std::make_unique<NearestShelf>(songs, point);
}

std::unique_ptr<Shelf> list_shelf(std::vector<Song> songs) {
  return std::make_unique<ListShelf>(std::move(songs));
}

double squared_distance(const Song& song, const MoodPoint& point) {
  if (std::isnan(song.valence_rank))
    return std::numeric_limits<double>::infinity();
  return squared(song.valence_rank, point.valence) +
         squared(song.arousal_rank, point.arousal) +
         squared(song.dominance_rank, point.dominance);
}

}  // namespace fer
