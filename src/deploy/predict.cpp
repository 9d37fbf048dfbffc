#include "deploy/predict.h"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "core/error.h"
#include "core/file.h"
#include "core/parallel.h"
#include "vision/annotate.h"
#include "vision/video.h"

namespace fer {
namespace {

/// Hands results over in the order of their files, whichever is ready first.
class InOrder {
 public:
  explicit InOrder(const std::function<void(const Prediction&)>& take)
      : take_(take) {}

  void give(size_t file, std::vector<Prediction> results) {
    const std::lock_guard lock(mutex_);
    waiting_[file] = std::move(results);
    for (auto first = waiting_.begin();
         first != waiting_.end() && first->first == next_;
         first = waiting_.begin(), ++next_) {
      const std::vector<Prediction> ready = std::move(first->second);
      waiting_.erase(first);
      for (const Prediction& prediction : ready) take_(prediction);
    }
  }

 private:
  const std::function<void(const Prediction&)>& take_;
  std::mutex mutex_;
  std::map<size_t, std::vector<Prediction>> waiting_;
  size_t next_ = 0;
};

/// File names without folder and suffix, each once: "a", "b", "a-2".
std::vector<std::string> stems(std::span<const PictureFile> files) {
  std::set<std::string> taken;
  std::vector<std::string> names;
  for (const PictureFile& file : files) {
    const bool named = file.kind != PictureFile::Kind::kStandardInput;
    const std::string stem = named ? file.path.stem().string() : "stdin";
    std::string name = stem;
    for (int n = 2; !taken.insert(name).second; ++n)
      name = fmt::format("{}-{}", stem, n);
    names.push_back(name);
  }
  return names;
}

void write_annotated(const std::filesystem::path& path, const Image& picture,
                     const Outcome& outcome, const OnnxContract& contract) {
  std::vector<Annotation> notes;
  for (const FaceReading& face : outcome.faces)
    notes.push_back({face.box,
                     fmt::format("{} {:.2f}", contract.classes[face.label],
                                 face.confidence()),
                     outcome.kind == Outcome::Kind::kEmotion});
  const auto png = encode_png(annotate(picture, notes));
  write_file(path, {reinterpret_cast<const char*>(png.data()), png.size()});
}

/// Runs `work`; what it throws is the reason why a picture cannot be read.
template <class Work>
bool readable(Prediction& result, Work&& work) {
  try {
    work();
    return true;
  } catch (const std::exception& error) {
    result.error = error.what();
    return false;
  }
}

/// One file's part of the work; its functions run on any thread.
class Worker {
 public:
  Worker(const FacePipeline& pipeline, const PredictOptions& options)
      : pipeline_(pipeline), options_(options) {}

  std::vector<Prediction> read(const PictureFile& file,
                               const std::string& stem) const {
    if (file.kind != PictureFile::Kind::kVideo) return {picture(file, stem)};
    return pipeline_.options().choice == FaceChoice::kLatest
               ? latest_frame(file, stem)
               : all_frames(file, stem);
  }

 private:
  Prediction picture(const PictureFile& file, const std::string& stem) const {
    Prediction result{file.path.string(), {}, {}, {}};
    const PhotoLimits& limits = pipeline_.options().limits;
    Image image;
    const bool good = readable(result, [&] {
      const std::string bytes = read_picture(file, limits.largest_file);
      image = decode_photo(std::as_bytes(std::span(bytes)), limits);
      result.outcome = pipeline_.read(image);
    });
    if (good) draw(stem, image, result.outcome);
    return result;
  }

  /// visit(Prediction, Image&) for every frame asked for; a fault ends the
  /// video and is visited last.
  template <class Visit>
  void for_each_frame(const PictureFile& file, Visit&& visit) const {
    const std::string name = file.path.string();
    Prediction opened{name, {}, {}, {}};
    std::unique_ptr<VideoReader> reader;
    Image image;
    if (!readable(opened,
                  [&] { reader = std::make_unique<VideoReader>(file.path); })) {
      visit(std::move(opened), image);
      return;
    }
    for (int64_t frame = 0;; frame += options_.every) {
      Prediction result{name, frame, {}, {}};
      bool more = false;
      const bool good = readable(result, [&] {
        more = reader->next(image);
        if (more) result.outcome = pipeline_.read(image);
        if (!more && frame == 0)
          fail<DataError>("[video] expected frames; got none ({}).", name);
        for (int i = 1; more && i < options_.every; ++i) reader->skip();
      });
      if (good && !more) return;
      visit(std::move(result), image);
      if (!good) return;
    }
  }

  std::vector<Prediction> all_frames(const PictureFile& file,
                                     const std::string& stem) const {
    std::vector<Prediction> results;
    for_each_frame(file, [&](Prediction result, const Image& image) {
      if (result.error.empty())
        // A folder of its own: no picture's name can be a frame's.
        draw(fmt::format("{}/{:06}", stem, *result.frame), image,
             result.outcome);
      results.push_back(std::move(result));
    });
    return results;
  }

  std::vector<Prediction> latest_frame(const PictureFile& file,
                                       const std::string& stem) const {
    Prediction latest;
    Image kept;
    for_each_frame(file, [&](Prediction result, Image& image) {
      const bool face = !result.outcome.faces.empty();
      // Behind a face neither a frame without one nor a fault counts.
      if (!face && !latest.outcome.faces.empty()) return;
      latest = std::move(result);
      std::swap(kept, image);  // the reader makes each frame anew
    });
    if (latest.error.empty()) draw(stem, kept, latest.outcome);
    return {latest};
  }

  void draw(const std::string& stem, const Image& image,
            const Outcome& outcome) const {
    if (!options_.annotated.empty())
      write_annotated(options_.annotated / (stem + ".png"), image, outcome,
                      pipeline_.contract());
  }

  const FacePipeline& pipeline_;
  const PredictOptions& options_;
};

}  // namespace

void predict_files(const FacePipeline& pipeline,
                   std::span<const PictureFile> files,
                   const PredictOptions& options,
                   const std::function<void(const Prediction&)>& take) {
  if (options.every < 1) {
    fail<Error>("[predict] expected every frame or every n-th; got {}.",
                options.every);
  }
  const std::vector<std::string> names = stems(files);
  const Worker worker(pipeline, options);
  InOrder results(take);
  parallel_for(
      files.size(),
      [&](size_t begin, size_t end) {
        for (size_t i = begin; i < end; ++i)
          results.give(i, worker.read(files[i], names[i]));
      },
      1, options.threads);
}

}  // namespace fer
