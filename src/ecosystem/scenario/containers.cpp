// SPDX-License-Identifier: MIT
#include "ecosystem/scenario/containers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <span>

#include "base/files.hpp"
#include "base/mapped_file.hpp"
#include "ecosystem/evidence_url.hpp"
#include "ecosystem/samples.hpp"
#include "evidence/asic_verifier.hpp"
#include "evidence/zip_writer.hpp"
#include "globalconf/verification_configuration.hpp"

namespace causeway::ecosystem {
namespace {

namespace fs = std::filesystem;

using globalconf::VerificationConfiguration;

constexpr std::uint64_t kLargeContainer = 16UL << 20;
constexpr std::size_t kMaxDocument = 4UL << 20;
constexpr std::string_view kAttachment = "attachment";

fs::path folder_of(const Kit& kit) { return kit.layout().root() / "evidence"; }

struct GivingServer {
  const PlannedInstance& instance;
  const PlannedServer& server;
  const ClientId& owner;  // of the record there

  fs::path file(const Kit& kit, const std::string& name) const {
    return folder_of(kit) / fmt::format("{}-{}-{}", instance.folder, server.folder, name);
  }
  fs::path configuration(const Kit& kit) const { return file(kit, "verificationconf.zip"); }
};

std::array<GivingServer, 2> givers_of(const AnsweredCall& call) {
  return {{{*call.consumer, call.consumer->consumer, call.client},
           {*call.provider, call.provider->provider, call.service_provider}}};
}

// Where in a part an octet that means something is changed, and the checks of which one
// must fail then, and no other before.
struct Part {
  enum class Where { last, behind, in_element };  // the last octet; or by what `mark` names
  std::string_view name;
  Where where;
  std::string_view mark;
  std::vector<std::string_view> checks;
};

const std::vector<Part>& parts() {
  using enum Part::Where;
  static const std::vector<Part> all{
      {"mimetype", last, "", {"container"}},
      {"message.xml", behind, kIdPrefix, {"hash_chain", "references"}},
      {"META-INF/signatures.xml", in_element, "SignatureValue", {"timestamp_chain", "timestamp", "signature_value"}},
      {"sig-hashchainresult.xml", in_element, "DigestValue", {"hash_chain", "references"}},
      {"sig-hashchain.xml", in_element, "DigestValue", {"hash_chain"}},
      {"ts-hashchainresult.xml", in_element, "DigestValue", {"timestamp_chain", "timestamp"}},
      {"ts-hashchain.xml", in_element, "DigestValue", {"timestamp_chain"}},
      {"META-INF/manifest.xml", behind, "full-path=\"message", {"manifest"}},
      {"META-INF/ASiCManifest.xml", in_element, "DigestValue", {"timestamp_manifest"}},
      {"META-INF/timestamp.tst", last, "", {"timestamp", "timestamp_authority"}},
  };
  return all;
}

std::size_t position_in(const Part& part, std::string_view content) {
  const auto mark = part.where == Part::Where::last ? std::string_view::npos : content.find(part.mark);
  if (mark == std::string_view::npos) return content.size() - 1;
  if (part.where == Part::Where::behind) return mark + part.mark.size();
  // Of its Base64 text a character that is neither a line break nor padding.
  const auto position = content.find_first_of("ABCDEFGHabcdefgh01234567", content.find('>', mark) + 1);
  return position == std::string_view::npos ? content.size() - 1 : position;
}

char changed(char octet) {
  return static_cast<char>(octet == 'A' ? 'B' : octet >= '0' && octet <= 'z' ? 'A' : octet ^ 1);
}

// The container with one octet of the entry changed, in `file`.
Result<void> write_changed(const evidence::ZipReader& zip, const std::string& entry_name, const Part* part,
                           const fs::path& file) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  evidence::ZipWriter writer([&out](ByteView octets) -> Result<void> {
    if (out.write(as_text(octets).data(), static_cast<std::streamsize>(octets.size()))) return {};
    return unexpected("the changed container cannot be written");
  });
  for (const evidence::ZipEntry& entry : zip.entries()) {
    if (auto begun = writer.begin(entry.name, entry.modified, evidence::ZipCompression::none); !begun) return begun;
    bool change = entry.name == entry_name;
    if (change && part != nullptr) {
      const auto content = zip.read_all(entry, kMaxDocument);
      if (!content) return content.error();
      std::string text = to_text(*content);
      char& octet = text[position_in(*part, text)];
      octet = changed(octet);
      if (auto written = writer.write(as_bytes(text)); !written) return written;
    } else {
      const auto copied = zip.read(entry, [&](ByteView octets) {
        Bytes piece(octets.begin(), octets.end());
        if (std::exchange(change, false)) piece.front() ^= 1;
        return writer.write(piece);
      });
      if (!copied) return copied;
    }
    if (auto ended = writer.end(); !ended) return ended;
  }
  return writer.finish("mimetype=" + std::string(evidence::kAsicMimeType));
}

// Unexpected when the container is not refused, or for another part.
Result<void> expect_refusal(const fs::path& file, const std::string& entry, const Part* part,
                            const evidence::AsicTrust& trust) {
  const auto mapped = MappedFile::open(file);
  if (!mapped) return mapped.error();
  const auto report = evidence::verify_container(mapped->bytes(), trust);
  const evidence::Check* failure = report.checks.first_failure();
  if (failure == nullptr) return unexpected(entry + " was changed, and nothing was noticed");
  const bool meant =
      part == nullptr ? failure->name == entry : std::ranges::find(part->checks, failure->name) != part->checks.end();
  if (meant) return {};
  return unexpected(fmt::format("{} was changed, and {} fails: {}", entry, failure->name, failure->text));
}

class ChangedContainers {
 public:
  explicit ChangedContainers(const fs::path& folder) : file_(folder / "changed.tmp") {}
  ~ChangedContainers() {
    std::error_code ignored;
    fs::remove(file_, ignored);
  }

  Result<void> try_all(const fs::path& container, const evidence::AsicTrust& trust) {
    const auto mapped = MappedFile::open(container);
    if (!mapped) return mapped.error();
    const auto zip = evidence::ZipReader::open(mapped->bytes());
    if (!zip) return zip.error();
    const bool large = mapped->bytes().size() > kLargeContainer;
    for (const evidence::ZipEntry& entry : zip->entries()) {
      const auto part = std::ranges::find(parts(), std::string_view(entry.name), &Part::name);
      const bool attachment = entry.name.starts_with(kAttachment);
      if (part == parts().end() && !attachment) return unexpected("a part that is not expected: " + entry.name);
      // There is no octet to change in an empty body.
      if (entry.size == 0 || (large && !attachment)) continue;
      const Part* const known = attachment ? nullptr : &*part;
      if (auto written = write_changed(*zip, entry.name, known, file_); !written) return written;
      const auto refused = expect_refusal(file_, entry.name, known, trust);
      if (!refused) return refused.error().while_doing(container.filename().string());
      ++changed_[attachment ? std::string(kAttachment) : entry.name];
    }
    return {};
  }
  // "200 changes: message.xml 96, ..."
  std::string counts() const {
    std::string text;
    int all = 0;
    for (const auto& [name, count] : changed_) {
      text += fmt::format("{} {} {}", text.empty() ? ":" : ",", name, count);
      all += count;
    }
    return fmt::format("{} changes{}", all, text);
  }

 private:
  const fs::path file_;
  std::map<std::string, int> changed_;
};

// The file is there when this returns.
Result<void> fetch(Kit& kit, const std::string& url, const AnsweredCall* call, const fs::path& file) {
  Call get{.url = url, .headers = {}, .body = {}, .object = {}, .tls = {}, .file = file};
  if (call != nullptr && url.starts_with("https")) {
    auto context = kit.tls(*call->consumer, true);
    if (!context) return context.error();
    get.tls = *std::move(context);
  }
  const auto reply = kit.caller().call(get);
  if (!reply) return reply.error();
  if (reply->status == 200) return {};
  return unexpected(fmt::format("{}: status {}: {}", url, reply->status, reply->body.substr(0, 300)));
}

// By the place of the file.
using Configurations = std::map<fs::path, VerificationConfiguration>;

Result<const VerificationConfiguration*> configuration_of(Kit& kit, const GivingServer& giver, Configurations& known) {
  const fs::path place = giver.configuration(kit);
  if (!known.contains(place)) {
    std::error_code ignored;
    if (!fs::exists(place, ignored)) {
      const std::string url = consumer_url(giver.server, kit.ports()) + "/verificationconf";
      if (auto fetched = fetch(kit, url, nullptr, place); !fetched) return fetched.error();
    }
    auto read = VerificationConfiguration::read(place);
    if (!read) return read.error();
    known.emplace(place, *std::move(read));
  }
  return &known.at(place);
}

constexpr std::array<std::string_view, 2> kKinds{"request", "response"};

// Every container that there is to fetch: from whom, of which call, and of its two messages which.
template <class Visit>
Result<int> for_each_container(Kit& kit, Visit visit) {
  Configurations configurations;
  int count = 0;
  for (const AnsweredCall& call : kit.answered()) {
    for (const GivingServer& giver : givers_of(call)) {
      const auto configuration = configuration_of(kit, giver, configurations);
      if (!configuration) return configuration.error();
      for (const std::string_view kind : kKinds) {
        const fs::path file = giver.file(kit, fmt::format("{}-{}.asice", call.id, kind));
        if (auto done = visit(call, giver, kind, file, (*configuration)->trust()); !done) return done.error();
        ++count;
      }
    }
  }
  return count;
}

}  // namespace

StepOutcome containers_are_good(Kit& kit) {
  std::error_code ignored;
  fs::remove_all(folder_of(kit), ignored);
  if (auto made = make_directories(folder_of(kit)); !made) return made.error();
  std::uint64_t octets = 0;
  const auto count = for_each_container(
      kit,
      [&](const AnsweredCall& call, const GivingServer& giver, std::string_view kind, const fs::path& file,
          const evidence::AsicTrust& trust) -> Result<void> {
        const bool tls = giver.owner == call.consumer->secure_app;
        const std::string server = (tls ? consumer_tls_url : consumer_url)(giver.server, kit.ports());
        const std::string url = evidence_url(server, giver.owner, call.id, fmt::format("{}Only&unique", kind));
        if (auto fetched = fetch(kit, url, &call, file); !fetched) return fetched;
        const auto mapped = MappedFile::open(file);
        if (!mapped) return mapped.error();
        octets += mapped->bytes().size();
        const auto report = evidence::verify_container(mapped->bytes(), trust);
        if (report.good() && report.message->id == call.id) return {};
        const evidence::Check* failure = report.checks.first_failure();
        return unexpected(fmt::format("{}: {}", file.filename().string(),
                                      failure ? failure->name + ": " + failure->text : "it is of another message"));
      });
  if (!count) return count.error();
  return fmt::format("{} containers, {:.1f} MB", *count, static_cast<double>(octets) / 1e6);
}

StepOutcome changed_containers_are_refused(Kit& kit) {
  ChangedContainers changes(folder_of(kit));
  const auto count = for_each_container(kit, [&](const AnsweredCall&, const GivingServer&, std::string_view,
                                                 const fs::path& file, const evidence::AsicTrust& trust) {
    auto tried = changes.try_all(file, trust);
    std::error_code ignored;
    if (fs::file_size(file, ignored) > kLargeContainer) fs::remove(file, ignored);
    return tried;
  });
  if (!count) return count.error();
  return changes.counts();
}

}  // namespace causeway::ecosystem
