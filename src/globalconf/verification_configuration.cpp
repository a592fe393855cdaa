// SPDX-License-Identifier: MIT
#include "globalconf/verification_configuration.hpp"

#include <stdlib.h>

#include <boost/json.hpp>

#include "base/files.hpp"
#include "base/mapped_file.hpp"
#include "evidence/zip_reader.hpp"
#include "evidence/zip_writer.hpp"
#include "globalconf/configuration_client.hpp"
#include "globalconf/http_fetcher.hpp"
#include "globalconf/loaded_view.hpp"
#include "globalconf/timestamp_authorities.hpp"
#include "net/coroutines.hpp"
#include "net/http_client.hpp"
#include "net/io_threads.hpp"

namespace causeway::globalconf {
namespace {

namespace fs = std::filesystem;

using ViewPtr = std::shared_ptr<const View>;

constexpr std::string_view kUnpacked = "verificationconf";
constexpr std::string_view kOwnInstance = "instance-identifier";
constexpr std::uint64_t kMaxPart = std::uint64_t{512} << 20;

// Gone, with all that is in it, when this is.
class WorkDirectory {
 public:
  static Result<WorkDirectory> make() {
    std::error_code error;
    std::string name = (fs::temp_directory_path(error) / "causeway-verify-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) return Fault{"io_error", "cannot make a folder like " + name};
    return WorkDirectory(name);
  }
  ~WorkDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  WorkDirectory(WorkDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  WorkDirectory& operator=(WorkDirectory&&) = delete;

  const fs::path& path() const { return path_; }

 private:
  explicit WorkDirectory(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
};

Result<ViewPtr> load(const fs::path& directory) {
  std::error_code ignored;
  const fs::path inside = directory / kUnpacked;
  const bool unpacked = fs::exists(inside / kOwnInstance, ignored);
  auto view = LoadedView::load(ConfigurationDirectory(unpacked ? inside : directory), nullptr, TimePoint::min());
  if (!view) return std::move(view).error();
  return ViewPtr(*std::move(view));
}

Result<ViewPtr> load_zip(ByteView file) {
  const auto zip = evidence::ZipReader::open(file);
  if (!zip) return Fault{"io_error", "it is neither a directory, a ZIP file nor an anchor: " + zip.error().text};
  auto folder = WorkDirectory::make();
  if (!folder) return std::move(folder).error();
  for (const evidence::ZipEntry& entry : zip->entries()) {
    const auto content = zip->read_all(entry, kMaxPart);
    if (!content) return content.error();
    // The reader lets no name pass that would lead out of the folder.
    const fs::path path = folder->path() / entry.name;
    if (auto made = make_directories(path.parent_path()); !made) return std::move(made).error();
    if (auto written = write_file_atomically(path, as_text(*content)); !written) return std::move(written).error();
  }
  return load(folder->path());
}

Result<ViewPtr> download(const fs::path& anchor) {
  auto folder = WorkDirectory::make();
  if (!folder) return std::move(folder).error();
  ConfigurationClientOptions options;
  options.anchor_file = anchor;
  options.directory = folder->path();
  net::IoThreads threads(1);
  const auto http = net::HttpClient::make(threads.at(0));
  HttpFetcher fetcher(*http);
  ConfigurationClient client(options, fetcher);
  const auto cycle = net::block_on(threads.at(0), client.run_cycle());
  threads.stop();
  if (!cycle) return cycle.error().while_doing("the configuration cannot be downloaded");
  return load(folder->path());
}

Result<ViewPtr> load_place(const fs::path& place) {
  std::error_code ignored;
  if (fs::is_directory(place, ignored)) return load(place);
  const auto file = MappedFile::open(place);
  if (!file) return file.error();
  return as_text(file->bytes()).starts_with("<") ? download(place) : load_zip(file->bytes());
}

Result<void> add_instance(const fs::path& folder, TimePoint time, evidence::ZipWriter& zip) {
  const fs::path file = folder / kSharedParametersFile;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  const auto metadata = ConfigurationDirectory::metadata_of(file);
  if (!metadata) return metadata.error();
  const auto content = MappedFile::open(file);
  if (!content) return content.error();
  const std::string name =
      std::string(kUnpacked) + "/" + folder.filename().string() + "/" + std::string(kSharedParametersFile);
  if (auto added = zip.add(name, content->bytes(), time); !added) return added;
  // Whether it has expired does not matter to a verifier, only how it is read.
  const std::string version = metadata->version.value_or(std::to_string(kOldestVersion));
  const std::string described = boost::json::serialize(boost::json::object{{"configurationVersion", version}});
  return zip.add(name + ".metadata", as_bytes(described), time);
}

}  // namespace

Result<void> write_verification_configuration(const ConfigurationDirectory& directory, TimePoint time,
                                              const evidence::ByteSink& sink) {
  const auto own = directory.own_instance();
  if (!own) return own.error();
  evidence::ZipWriter zip(sink);
  for (const fs::path& folder : directory.folders())
    if (auto added = add_instance(folder, time, zip); !added) return added;
  if (auto added = zip.add(std::string(kUnpacked) + "/" + std::string(kOwnInstance), as_bytes(*own), time); !added)
    return added;
  return zip.finish();
}

VerificationConfiguration::VerificationConfiguration(ViewPtr view)
    : view_(std::move(view)), timestamp_authorities_(timestamp_authorities(*view_)) {}

Result<VerificationConfiguration> VerificationConfiguration::read(const fs::path& place) {
  auto view = load_place(place);
  if (!view) return view.error().while_doing(place.string());
  return VerificationConfiguration(*std::move(view));
}

}  // namespace causeway::globalconf
