// SPDX-License-Identifier: MIT
// causeway verify: whether containers and archives prove what they say.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/mapped_file.hpp"
#include "cli/commands.hpp"
#include "cli/verification_output.hpp"
#include "evidence/archive_verifier.hpp"
#include "globalconf/verification_configuration.hpp"

namespace causeway::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct Options {
  std::vector<std::string> files;
  std::string configuration, previous, extract;
  bool as_json = false, first = false, force = false;
};

// Exit codes of this command: kFailed when anything is refused, kUsage also when
// something cannot be read or written.
int cannot(const Fault& fault) {
  fmt::print(stderr, "causeway verify: {}\n", printable(fault.text));
  return kUsage;
}

// A file that is not there yet, or is one to be replaced; never what a link points to.
class NewFile {
 public:
  static Result<NewFile> make(const fs::path& path, bool replace) {
    const int how = O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (replace ? O_TRUNC : O_EXCL);
    const int file = ::open(path.c_str(), how, 0644);
    if (file >= 0) return NewFile(path, file);
    const std::string hint = errno == EEXIST ? "; --force replaces it" : "";
    return Fault{"io_error", "cannot write " + path.string() + ": " + std::strerror(errno) + hint};
  }
  ~NewFile() {
    if (file_ >= 0) ::close(file_);
  }
  NewFile(NewFile&& other) noexcept : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}
  NewFile& operator=(NewFile&&) = delete;

  Result<void> write(ByteView bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = ::write(file_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return Fault{"io_error", "cannot write " + path_.string() + ": " + std::strerror(errno)};
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
  }

 private:
  NewFile(fs::path path, int file) : path_(std::move(path)), file_(file) {}
  fs::path path_;
  int file_;
};

// The message and those attachments that are what was signed.
Result<void> extract(const evidence::AsicContainer& container, const evidence::ContainerReport& report,
                     const fs::path& folder, bool replace) {
  if (auto made = make_directories(folder); !made) return made;
  const auto message = NewFile::make(folder / "message.xml", replace);
  if (!message) return message.error();
  if (auto done = message->write(as_bytes(container.message)); !done) return done;
  for (const evidence::AsicAttachment& attachment : container.attachments) {
    const auto verdict = std::ranges::find(report.attachments, attachment.name, &evidence::AttachmentVerdict::name);
    if (verdict == report.attachments.end() || verdict->state != evidence::CheckState::passed) continue;
    const auto file = NewFile::make(folder / attachment.name, replace);
    if (!file) return file.error();
    // Read again, so compared again: somebody may have changed the file meanwhile.
    pki::Hasher hasher(pki::DigestAlgorithm::sha512);
    const auto done = container.read_attachment(attachment, [&](ByteView bytes) {
      hasher.update(bytes);
      return file->write(bytes);
    });
    if (done && hasher.finish() == attachment.digest) continue;
    std::error_code ignored;
    fs::remove(folder / attachment.name, ignored);
    return done ? Fault{"io_error", "the container changed while it was read"} : done.error();
  }
  return {};
}

// Progress of long work, where somebody watches.
class Progress {
 public:
  void step(std::string_view name) {
    if (!watched_) return;
    fmt::print(stderr, "\r{:>8} containers  {:<40.40}", ++count_, printable(name));
  }
  ~Progress() {
    if (count_ > 0) fmt::print(stderr, "\r{:60}\r", "");
  }

 private:
  const bool watched_ = ::isatty(STDERR_FILENO) == 1;
  std::size_t count_ = 0;
};

class Verifying {
 public:
  Verifying(const Options& options, const evidence::AsicTrust& trust) : options_(options), trust_(trust) {
    if (options.first) previous_ = {true, ""};
    if (!options.previous.empty()) previous_ = {true, options.previous};
  }

  int run() {
    for (const std::string& file : options_.files)
      if (auto done = verify(file); !done) {
        (void)cannot(done.error());
        unreadable_ = true;
      }
    if (options_.as_json)
      fmt::print("{}\n", json::serialize(json::object{{"good", !refused_ && !unreadable_}, {"files", files_}}));
    return unreadable_ ? kUsage : refused_ ? kFailed : kOk;
  }

 private:
  Result<void> verify(const std::string& name) {
    if (name.ends_with(".gpg"))
      return Fault{"io_error", name + " is encrypted: gpg --decrypt it first, and verify what comes out"};
    const auto file = MappedFile::open(name);
    if (!file) return file.error();
    if (evidence::is_archive(file->bytes())) return verify_archive(name, file->bytes());
    return verify_container(name, file->bytes());
  }

  Result<void> verify_container(const std::string& name, ByteView file) {
    const auto container = evidence::AsicContainer::read(file);
    const auto report =
        container ? evidence::verify_container(*container, trust_) : evidence::verify_container(file, trust_);
    refused_ = refused_ || !report.good();
    if (options_.as_json)
      files_.push_back(to_json(name, report));
    else
      fmt::print("{}\n{}", headline(name, report), details(report));
    return extract_good(fs::path(name).filename().string(), container ? &*container : nullptr, report,
                        options_.files.size() > 1);
  }

  Result<void> verify_archive(const std::string& name, ByteView file) {
    Result<void> extracted;
    json::array containers;
    Progress progress;
    const auto look = [&](const std::string& entry, const evidence::AsicContainer* container,
                          const evidence::ContainerReport& report) {
      progress.step(entry);
      if (options_.as_json)
        containers.push_back(to_json(entry, report));
      else
        print_in_archive(entry, report);
      if (extracted) extracted = extract_good(entry, container, report, true);
    };
    const auto report = evidence::verify_archive(file, trust_, previous_, look);
    refused_ = refused_ || !report.good();
    previous_ = {!report.last_link.empty(), report.last_link};
    if (options_.as_json)
      files_.push_back(to_json(name, report, std::move(containers)));
    else
      print_archive(name, report);
    return extracted;
  }

  static void print_in_archive(const std::string& name, const evidence::ContainerReport& report) {
    fmt::print("{}\n", headline(name, report));
    if (!report.good()) return fmt::print("{}", details(report));
    fmt::print("         {}, stamped {}\n", printable(report.message->sender().to_string()),
               to_iso_seconds(report.timestamp->time));
  }

  static void print_archive(const std::string& name, const evidence::ArchiveReport& report) {
    fmt::print("{}  {}: {} of {} containers are good\n", report.good() ? "GOOD   " : "REFUSED", printable(name),
               report.good_containers, report.containers);
    fmt::print("{}", details(report.checks));
    if (!report.last_link.empty()) fmt::print("  Last link   {}\n", report.last_link);
  }

  // Nothing comes out of a container that is refused.
  Result<void> extract_good(const std::string& name, const evidence::AsicContainer* container,
                            const evidence::ContainerReport& report, bool in_own_folder) const {
    if (options_.extract.empty() || container == nullptr || !report.good()) return {};
    fs::path folder = options_.extract;
    if (in_own_folder) {
      std::string own = name.ends_with(".asice") ? name.substr(0, name.size() - 6) : name;
      std::ranges::replace(own, '/', '_');
      folder /= own.empty() ? "container" : own;
    }
    return extract(*container, report, folder, options_.force);
  }

  const Options& options_;
  const evidence::AsicTrust& trust_;
  evidence::PreviousLink previous_;
  json::array files_;
  bool refused_ = false, unreadable_ = false;
};

int run(const Options& options) {
  if (options.first && !options.previous.empty())
    return cannot({"bad_request", "--first and --previous exclude each other"});
  if (!options.previous.empty() && !from_hex(options.previous))
    return cannot({"bad_request", "--previous is the last link of an archive, in hexadecimal digits"});
  // What matters is said in the report.
  log::start("verify", "error");
  const auto configuration = globalconf::VerificationConfiguration::read(options.configuration);
  if (!configuration) return cannot(configuration.error());
  const evidence::AsicTrust trust = configuration->trust();
  return Verifying(options, trust).run();
}

}  // namespace

Command verify_command() {
  const auto options = std::make_shared<Options>();
  Command command("verify", "Verify signed messages: ASiC-E containers and archives of the message log, offline");
  command.option("files", options->files, "Containers (.asice), archives (mlog-*.zip), downloads (.zip)", true)
      .option("--conf", options->configuration,
              "Whom to trust: what a Security Server gives out at /verificationconf (ZIP or unpacked), a directory of "
              "the global configuration, or an anchor, from which it is downloaded",
              true)
      .flag("--json", options->as_json, "Print one JSON object")
      .option("--extract", options->extract, "Folder for message and attachments of containers that are good")
      .flag("--force", options->force, "Let --extract replace files")
      .flag("--first", options->first, "The first archive given is the first there is")
      .option("--previous", options->previous, "Last link of the archive before the first one given")
      .example("curl -o conf.zip http://security-server:8080/verificationconf")
      .example("causeway verify --conf conf.zip query-1-request-0.asice")
      .example("causeway verify --conf conf.zip --first mlog-*.zip")
      .action([options] { return run(*options); });
  return command;
}

}  // namespace causeway::cli
