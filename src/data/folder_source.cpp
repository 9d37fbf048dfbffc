#include "data/folder_source.h"

#include "config/yaml_text.h"
#include "core/error.h"
#include "core/parallel.h"
#include "core/terminal.h"
#include "data/assemble.h"
#include "data/file_tree.h"

namespace fer {
namespace {

// Files are read by one thread and decoded by all, a batch at a time: bounds
// the memory whatever the size of the archive.
constexpr size_t kBatchFiles = 4096, kBatchBytes = size_t{128} << 20;

struct Job {
  TreeFile file;
  LooseImage image;
};

class FolderDecoder {
 public:
  FolderDecoder(const DataConfig& config, bool quiet)
      : config_(config),
        tree_(open_file_tree(config.path)),
        filter_(config),
        bar_(fmt::format("Decoding {}, {}", name(config), tree_->unit()),
             tree_->total(), quiet) {}

  ImageSet run() {
    while (std::optional<TreeFile> file = tree_->next()) {
      add(std::move(*file));
      if (batch_.size() == kBatchFiles || batch_bytes_ > kBatchBytes) decode();
    }
    decode();
    advance(tree_->total());
    bar_.finish();
    return assemble(std::move(images_), std::move(bad_), filter_, config_,
                    Order::kSorted);
  }

 private:
  static std::string name(const DataConfig& config) {
    const auto file = config.path.filename();
    return (file.empty() ? config.path.parent_path().filename() : file)
        .string();
  }

  void add(TreeFile file) {
    const std::optional<TreePlace> place = place_of(file.id);
    if (!place) {
      fail<DataError>(
          "[data] expected every image in a class folder; got '{}' ({}). Move "
          "it into one, as in train/happy/.",
          file.id, config_.path.string());
    }
    if (find_invalid_utf8(place->class_name) != std::string::npos) {
      fail<DataError>(
          "[data] expected class folders named in UTF-8; got '{}' ({}). Rename "
          "the folder, or make the archive again.",
          place->class_name, config_.path.string());
    }
    const std::optional<std::string> target = filter_(place->class_name);
    if (!target) return;
    batch_bytes_ += file.bytes.size();
    LooseImage image{file.id, *target, place->usage, place->part, {}};
    batch_.push_back({std::move(file), std::move(image)});
  }

  void decode_one(Job& job) const {
    if (!job.file.problem.empty()) return;
    try {
      job.image.pixels =
          fit_image(decode_image(job.file.bytes, config_.channels), config_)
              .pixels;
    } catch (const DataError& error) {
      job.file.problem = error.what();
    }
  }

  void decode() {
    parallel_for(
        batch_.size(),
        [&](size_t begin, size_t end) {
          for (size_t i = begin; i < end; ++i) decode_one(batch_[i]);
        },
        16);
    for (Job& job : batch_) {
      if (job.file.problem.empty()) {
        images_.push_back(std::move(job.image));
      } else {
        reject(job.file);
      }
    }
    batch_.clear();
    batch_bytes_ = 0;
    advance(tree_->done());
  }

  void reject(const TreeFile& file) {
    if (config_.on_bad_image == OnBadImage::kError) {
      fail<DataError>(
          "[data] expected an image; got '{}', which cannot be used: {} ({}). "
          "Remove it, or set data.on_bad_image: skip.",
          file.id, file.problem, config_.path.string());
    }
    bad_.push_back({file.id, file.problem});
  }

  void advance(size_t done) {
    bar_.advance(done - shown_);
    shown_ = done;
  }

  const DataConfig& config_;
  std::unique_ptr<FileTree> tree_;
  ClassFilter filter_;
  ProgressBar bar_;
  size_t shown_ = 0;
  std::vector<Job> batch_;
  size_t batch_bytes_ = 0;
  std::vector<LooseImage> images_;
  std::vector<BadImage> bad_;
};

}  // namespace

ImageSet load_folder(const DataConfig& config, bool quiet) {
  return FolderDecoder(config, quiet).run();
}

}  // namespace fer
