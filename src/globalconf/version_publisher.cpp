// SPDX-License-Identifier: MIT
#include "globalconf/version_publisher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <span>

#include "base/files.hpp"
#include "base/free_memory.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/directory_file.hpp"
#include "globalconf/optional_parts.hpp"

namespace causeway::globalconf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kGenerationDigits = 23;       // yyyyMMddHHmmss and nine of the nanoseconds
constexpr std::chrono::seconds kShortestKeep{600};  // of generations, as in X-Road

std::string generation_name(TimePoint at) {
  const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch()).count();
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::time_t seconds = nanos / kSecond;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}{:09}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, nanos % kSecond);
}

bool is_generation(std::string_view name) {
  return name.size() == kGenerationDigits && name.find_first_not_of("0123456789") == std::string_view::npos;
}

void add_optional_parts(const InstanceDescription& description, std::vector<GeneratedPart>& parts) {
  const auto add = [&](std::string_view identifier, std::string_view file, std::string content) {
    parts.push_back({std::string(identifier), std::string(file), std::move(content)});
  };
  if (description.monitoring_client)
    add(kMonitoringId, kMonitoringFile, write_monitoring_client(*description.monitoring_client));
  if (description.ocsp_fetch_interval)
    add(kFetchIntervalId, kFetchIntervalFile, write_ocsp_fetch_interval(*description.ocsp_fetch_interval));
  if (description.verify_next_update)
    add(kNextUpdateId, kNextUpdateFile, write_verify_next_update(*description.verify_next_update));
}

// What a reader only has to be able to read.
class ReadAndForgotten : public SharedParametersSink {
 public:
  void restart() override {}
  void member(const Member&) override {}
  void subsystem(const Subsystem&) override {}
  void server(const SecurityServer&) override {}
  void group(const GlobalGroup&) override {}
  void group_member(const ClientId&) override {}
};

// Its parameters, as large as the description, are gone when it returns.
Result<std::string> shared_parameters_text(const InstanceDescription& description,
                                           const std::vector<ConfigurationSource>& sources, int version) {
  auto shared = shared_parameters_of(description, version);
  if (!shared) return std::move(shared).error();
  shared->sources = sources;
  return_free_memory();  // of finding the places of hundreds of thousands, before the text needs as much
  return write_shared_parameters(*shared, version);
}

}  // namespace

Result<std::vector<GeneratedPart>> generate_parts(const InstanceDescription& description,
                                                  const std::vector<ConfigurationSource>& sources, int version) {
  auto private_parameters = private_parameters_of(description);
  if (!private_parameters) return std::move(private_parameters).error();
  auto shared = shared_parameters_text(description, sources, version);
  if (!shared) return std::move(shared).error();
  std::vector<GeneratedPart> parts;
  parts.push_back({std::string(kSharedParametersId), std::string(kSharedParametersFile), *std::move(shared)});
  parts.push_back({std::string(kPrivateParametersId), std::string(kPrivateParametersFile),
                   write_private_parameters(*private_parameters)});
  ReadAndForgotten reader;
  if (auto check = read_shared_parameters(parts[0].content, version, reader); !check)
    return check.error().while_doing("shared parameters of version " + std::to_string(version));
  if (auto check = read_private_parameters(parts[1].content, version); !check)
    return check.error().while_doing("private parameters");
  add_optional_parts(description, parts);
  return parts;
}

VersionPublisher::VersionPublisher(const fs::path& docroot, int version)
    : folder_of_version_(docroot / ("V" + std::to_string(version))), version_(version) {}

fs::path VersionPublisher::directory_file(SourceType source) const {
  return folder_of_version_ / directory_name(source);
}

Result<void> VersionPublisher::write_parts(const std::vector<GeneratedPart>& parts, const std::string& instance,
                                           pki::DigestAlgorithm hash, TimePoint at) {
  folder_.reset();
  parts_.clear();
  const std::string name = generation_name(at);
  const fs::path folder = folder_of_version_ / name;
  auto written = make_directories(folder);
  for (const GeneratedPart& part : parts) {
    if (written) written = write_file_atomically(folder / part.file_name, part.content);
    parts_.push_back({.content_identifier = part.content_identifier,
                      .instance = instance,
                      .location = "/" + folder_of_version_.filename().string() + "/" + name + "/" + part.file_name,
                      .file_name = {},
                      .hash_algorithm = hash,
                      .hash = pki::digest(hash, as_bytes(part.content))});
  }
  if (written) {
    folder_ = folder;
  } else {
    parts_.clear();
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }
  return written;
}

Result<void> VersionPublisher::publish(SourceType source, const DirectorySigner& signer, std::chrono::seconds validity,
                                       TimePoint at) {
  if (!folder_) return fault(FaultCode::malformed_global_conf, "there are no parts to be published");
  const auto shown = source == SourceType::internal ? std::span(parts_) : std::span(parts_).first(1);
  const SignedDirectory directory{at + validity, std::to_string(version_), {shown.begin(), shown.end()}};
  auto text = sign_directory(directory, signer);
  if (!text) return std::move(text).error();
  if (auto readable = check_readable(*text, directory, signer.certificate, at); !readable) return readable;
  if (auto replaced = write_file_atomically(directory_file(source), *text); !replaced) return replaced;
  // Its age is the time since a directory last named it.
  std::error_code ignored;
  fs::last_write_time(*folder_, fs::file_time_type::clock::from_sys(at), ignored);
  return {};
}

void VersionPublisher::delete_old_generations(std::chrono::seconds validity, TimePoint at) const {
  const auto oldest = fs::file_time_type::clock::from_sys(at - std::max(validity, kShortestKeep));
  std::error_code error;
  std::vector<fs::path> old;
  for (fs::directory_iterator it(folder_of_version_, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (is_generation(it->path().filename().string()) && it->last_write_time(ignored) < oldest && !ignored)
      old.push_back(it->path());
  }
  for (const fs::path& folder : old) fs::remove_all(folder, error);
}

}  // namespace causeway::globalconf
