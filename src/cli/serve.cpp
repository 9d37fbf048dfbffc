#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "cli/face_options.h"
#include "cli/usage.h"
#include "cli/verbs.h"
#include "core/error.h"
#include "deploy/server.h"
#include "deploy/stop_signal.h"

namespace fer {
namespace {

struct ServeVerb {
  FaceOptions faces;
  std::string host = "127.0.0.1", songs;
  RecommendOptions recommend;
  HttpLimits limits;
  double body_mib = 12, megapixels = 25;
  int port = 8080, timeout = 15;
  bool quiet = false;
};

HttpLimits limits_of(const ServeVerb& options) {
  HttpLimits limits = options.limits;
  limits.picture_bytes = static_cast<size_t>(options.body_mib * 1048576);
  limits.pixels = static_cast<int64_t>(options.megapixels * 1e6);
  limits.arrival = limits.idle = std::chrono::seconds(options.timeout);
  limits.burst = std::max(1.0, 2 * limits.rate);
  return limits;
}

int serve(ServeVerb& options) {
  // Before the network starts threads of its own: a signal may reach any.
  StopSignal signal;
  const HttpLimits limits = limits_of(options);
  options.faces.pipeline.limits = {limits.picture_bytes, limits.pixels};
  const FacePipeline pipeline = options.faces.open(limits.readers);
  WebServer server({.contract = pipeline.contract(),
                    .predict =
                        [&](std::span<const std::byte> bytes) {
                          return pipeline.read(bytes);
                        },
                    .min_confidence = pipeline.options().min_confidence,
                    .songs = options.songs,
                    .recommend = options.recommend,
                    .limits = limits});
  const int port = server.bind(options.host, options.port);
  // For a script that waits for this line, also through a pipe.
  const bool is_v6 = options.host.find(':') != std::string::npos;
  fmt::print("serving http://{}{}{}:{}/\n", is_v6 ? "[" : "", options.host,
             is_v6 ? "]" : "", port);
  if (!options.quiet) fmt::print("Ctrl-C ends it.\n");
  std::fflush(stdout);
  std::jthread listener([&] { server.run(); });
  signal.wait();
  server.stop();
  listener.join();
  if (!options.quiet) fmt::print("stopped\n");
  return 0;
}

void add_network_options(CLI::App& verb, ServeVerb& options) {
  verb.add_option("--host", options.host,
                  "Address to listen at (default: 127.0.0.1, this machine "
                  "only)");
  verb.add_option("--port", options.port,
                  "0: any free one, printed (default: 8080)")
      ->check(CLI::Range(0, 65535));
  verb.add_option("--allow-host", options.limits.hosts,
                  "Name that the server is called by, besides localhost and "
                  "addresses; may be repeated");
  verb.add_option("--rate", options.limits.rate,
                  "Requests a second of one client; 0: no limit (default: 50)")
      ->check(between(0, 1e9));
  verb.add_option("--max-body", options.body_mib,
                  "Largest picture in MiB (default: 12)")
      ->check(between(0.01, 1024));
  verb.add_option("--max-pixels", options.megapixels,
                  "Largest picture in million pixels (default: 25)")
      ->check(between(0.01, 1000));
  verb.add_option("--max-connections", options.limits.connections,
                  "Open at a time (default: 128)")
      ->check(CLI::Range(1, 4096));
  verb.add_option("--readers", options.limits.readers,
                  "Pictures read at a time (default: the cores)")
      ->check(CLI::Range(1, 1024));
  verb.add_option("--timeout", options.timeout,
                  "Seconds for a request to arrive (default: 15)")
      ->check(CLI::Range(1, 3600));
}

void add_song_options(CLI::App& verb, ServeVerb& options) {
  verb.add_option("--songs", options.songs,
                  "Catalogue of `ferbench songs import`; without it nothing "
                  "is recommended");
  verb.add_option("--policy", options.recommend.policy,
                  "The one that the page begins with (default: report); see "
                  "`ferbench songs policies`");
  verb.add_option("--count", options.recommend.count, "Songs (default: 7)")
      ->check(CLI::Range(1, 50));
  verb.add_option("--playlist", options.recommend.playlist,
                  "For the policy playlist: M3U or list, or YAML by emotion");
  verb.add_option("--feedback", options.recommend.feedback,
                  "CSV of track_id and liked or skipped; re-ranks");
}

}  // namespace

void add_serve(CLI::App& app, Action& action) {
  auto options = std::make_shared<ServeVerb>();
  options->limits.readers =
      static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  CLI::App* verb = app.add_subcommand(
      "serve",
      "A web page and JSON API: camera or picture to emotion to songs");
  verb->footer("Example: ferbench serve --songs songs.sqlite --port 8080");
  add_network_options(*verb, *options);
  add_song_options(*verb, *options);
  add_face_options(*verb, options->faces);
  verb->add_flag("--quiet", options->quiet,
                 "Print the address and errors only");
  verb->callback(
      [options, &action] { action = [options] { return serve(*options); }; });
}

}  // namespace fer
