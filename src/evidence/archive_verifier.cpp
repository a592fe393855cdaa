// SPDX-License-Identifier: MIT
#include "evidence/archive_verifier.hpp"

namespace causeway::evidence {
namespace {

constexpr std::string_view kContainerSuffix = ".asice";
constexpr std::uint64_t kMaxLinkingInfo = std::uint64_t{64} << 20;

Fault invalid(std::string text) { return {"mlog.invalid_archive", std::move(text)}; }
Fault broken_link(std::string text) { return {"mlog.invalid_archive_link", std::move(text)}; }

class ArchiveCheck {
 public:
  ArchiveCheck(const ZipReader& zip, const AsicTrust& trust, const PreviousLink& previous,
               const OnContainer& on_container, ArchiveReport& report)
      : zip_(zip), trust_(trust), previous_(previous), on_container_(on_container), report_(report) {}

  void run(std::uint64_t max_container) {
    if (!check_entries() || !read_linking()) return;
    check_previous();
    std::string link = report_.linking ? report_.linking->previous_link : "";
    for (const ZipEntry* entry : containers_) {
      auto content = zip_.read_all(*entry, max_container);
      if (!content) {
        report_.checks.fail("archive", content.error());
        return;
      }
      if (report_.linking) follow(entry->name, *content, link);
      verify(entry->name, *content);
    }
    if (!report_.linking || !broken_.empty()) return;
    report_.checks.pass("linking", "every container is in its place, unchanged; last link " + link);
    report_.last_link = link;
  }

 private:
  Checks& checks() { return report_.checks; }

  bool check_entries() {
    for (const ZipEntry& entry : zip_.entries()) {
      if (entry.name.ends_with(kContainerSuffix)) containers_.push_back(&entry);
      if (entry.name.ends_with(kContainerSuffix) || entry.name == kLinkingInfoFile) continue;
      checks().fail("archive", invalid("neither container nor linking information: " + entry.name));
      return false;
    }
    report_.containers = containers_.size();
    if (containers_.empty())
      checks().fail("archive", invalid("there is no container in it"));
    else
      checks().pass("archive", std::to_string(containers_.size()) + " containers");
    return !containers_.empty();
  }

  bool read_linking() {
    const ZipEntry* const entry = zip_.find(kLinkingInfoFile);
    if (entry == nullptr) {
      if (previous_.known)
        checks().fail("linking", invalid("there is no linking information in it"));
      else
        checks().leave("linking", "there is no linking information: a download, not an archive of the message log");
      return true;
    }
    const auto content = zip_.read_all(*entry, kMaxLinkingInfo);
    auto info = content ? read_linking_info(as_text(*content)) : Result<LinkingInfo>(content.error());
    if (!info) {
      checks().fail("linking", info.error());
      return true;
    }
    report_.linking = *std::move(info);
    if (report_.linking->lines.size() == containers_.size()) return true;
    broken(broken_link("it holds " + std::to_string(containers_.size()) +
                       " containers, its linking information names " + std::to_string(report_.linking->lines.size())));
    return true;
  }

  void check_previous() {
    if (!report_.linking) return;
    const std::string& link = report_.linking->previous_link;
    const std::string named = link.empty() ? "no archive" : report_.linking->previous_file + ", last link " + link;
    if (!previous_.known)
      return checks().leave("previous_link", "follows " + named + "; nobody said what it should follow");
    if (link == previous_.link) return checks().pass("previous_link", "follows " + named);
    checks().fail("previous_link",
                  broken_link("follows " + named + ", but should follow " +
                              (previous_.link.empty() ? "no archive" : "one with last link " + previous_.link)));
  }

  void follow(const std::string& name, ByteView content, std::string& link) {
    const LinkingInfo& info = *report_.linking;
    link = next_link(info.algorithm, link, pki::digest(info.algorithm, content));
    const std::size_t at = place_++;
    if (at >= info.lines.size() || info.lines[at].name != name)
      return broken(broken_link("not where the linking information has it, or not in it: " + name));
    if (info.lines[at].link != link) broken(broken_link("changed, or something before it was: " + name));
  }

  // The first one says it; the others follow from it.
  void broken(const Fault& why) {
    if (!broken_.empty()) return;
    broken_ = why.text;
    checks().fail("linking", why);
  }

  void verify(const std::string& name, ByteView content) {
    const auto container = AsicContainer::read(content);
    ContainerReport report;
    if (container)
      report = verify_container(*container, trust_);
    else
      report.checks.fail("container", container.error());
    if (report.good()) ++report_.good_containers;
    if (on_container_) on_container_(name, container ? &*container : nullptr, report);
  }

  const ZipReader& zip_;
  const AsicTrust& trust_;
  const PreviousLink& previous_;
  const OnContainer& on_container_;
  ArchiveReport& report_;
  std::vector<const ZipEntry*> containers_;
  std::size_t place_ = 0;
  std::string broken_;
};

}  // namespace

bool is_archive(ByteView file) {
  const auto zip = ZipReader::open(file, kArchiveLimits);
  if (!zip) return false;
  return std::ranges::any_of(zip->entries(), [](const ZipEntry& entry) {
    return entry.name.ends_with(kContainerSuffix) || entry.name == kLinkingInfoFile;
  });
}

ArchiveReport verify_archive(ByteView file, const AsicTrust& trust, const PreviousLink& previous,
                             const OnContainer& on_container, std::uint64_t max_container) {
  ArchiveReport report;
  const auto zip = ZipReader::open(file, kArchiveLimits);
  if (!zip)
    report.checks.fail("archive", zip.error());
  else
    ArchiveCheck(*zip, trust, previous, on_container, report).run(max_container);
  return report;
}

}  // namespace causeway::evidence
