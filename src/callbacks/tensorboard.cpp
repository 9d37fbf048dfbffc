#include "callbacks/tensorboard.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

#include "callbacks/event_file.h"
#include "callbacks/measured.h"
#include "callbacks/state.h"
#include "core/error.h"

namespace fer {
namespace {

double wall_time() {
  return std::chrono::duration<double>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string file_name() {
  char host[256] = "localhost";
  ::gethostname(host, sizeof host - 1);
  return fmt::format("events.out.tfevents.{:.0f}.{}", wall_time(), host);
}

// On disk when it returns, so that a checkpoint never knows of bytes that a
// power cut can take back.
bool write_at(const std::filesystem::path& path, uintmax_t offset,
              std::string_view bytes) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return false;
  const auto at = static_cast<off_t>(offset);
  const bool good = ::ftruncate(fd, at) == 0 &&
                    ::pwrite(fd, bytes.data(), bytes.size(), at) ==
                        static_cast<ssize_t>(bytes.size()) &&
                    ::fsync(fd) == 0;
  const int reason = errno;
  ::close(fd);
  errno = reason;
  return good;
}

}  // namespace

void TensorBoard::on_train_begin(TrainContext& context) {
  file_ = file_name();
  offset_ = 0;
  append(context, version_event(wall_time()));
}

void TensorBoard::on_train_resume(TrainContext& context, int) {
  const auto path = context.run_dir() / file_;
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (error || size < offset_) {
    fail<DataError>(
        "[tensorboard] expected an event file of at least {} bytes; got {} "
        "({}). Put the file back, or resume with callbacks.tensorboard=null.",
        offset_, error ? error.message() : fmt::format("{} bytes", size),
        path.string());
  }
  std::filesystem::resize_file(path, offset_);
}

void TensorBoard::on_epoch_end(TrainContext& context, const EpochLogs& logs) {
  std::vector<Scalar> scalars = {{"train/loss", logs.train_loss},
                                 {"train/accuracy", logs.train_accuracy},
                                 {"val/loss", logs.val_loss},
                                 {"val/accuracy", logs.val_accuracy},
                                 {"learning_rate", logs.learning_rate}};
  std::erase_if(scalars, [](const Scalar& scalar) {
    return !was_measured(scalar.tag, scalar.value);
  });
  append(context, scalar_event(wall_time(), logs.epoch, scalars));
}

void TensorBoard::append(TrainContext& context, const std::string& event) {
  const auto path = context.run_dir() / file_;
  const std::string record = event_record(event);
  if (!write_at(path, offset_, record)) {
    fail<DataError>(
        "[tensorboard] expected to append to the event file; got '{}' ({}). "
        "Free some space or check the permissions.",
        std::strerror(errno), path.string());
  }
  offset_ += record.size();
}

Json TensorBoard::state() const {
  return {{"file", file_}, {"offset", offset_}};
}

void TensorBoard::load_state(const Json& state) {
  const StateReader reader(name(), state);
  file_ = reader.text("file");
  offset_ = static_cast<uintmax_t>(reader.integer("offset"));
}

}  // namespace fer
