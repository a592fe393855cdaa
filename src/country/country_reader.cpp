// SPDX-License-Identifier: MIT
#include "country/country_reader.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/files.hpp"
#include "country/trust_reader.hpp"

namespace causeway::country {
namespace {

using Kind = YamlNode::Kind;

class Reader {
 public:
  Reader(const std::string& name, const ReadAttached& read_attached)
      : place_(name, kMalformed), trust_(place_, read_attached) {}

  Country read(const YamlNode& root) {
    const YamlFields fields(place_, root, "the country",
                            {"version", "instance", "central_server_address", "member_classes", "members",
                             "global_groups", "management_service_provider", "certification_services",
                             "timestamping_services", "trusted_anchors", "configuration_parts"});
    if (place_.text(fields.require("version"), "version") != "1")
      place_.refuse(fields.require("version"), "this program reads version 1 of the format");
    country_.instance = trust_.code(fields.require("instance"), "instance");
    if (const auto address = fields.find("central_server_address"))
      country_.central_server_address = trust_.line(*address, "central_server_address");
    if (const auto classes = fields.find("member_classes")) read_classes(*classes);
    if (const auto members = fields.find("members")) read_members(*members);
    if (const auto groups = fields.find("global_groups")) read_groups(*groups);
    if (const auto provider = fields.find("management_service_provider")) read_provider(*provider);
    if (const auto services = fields.find("certification_services"))
      country_.certification_services = trust_.certification_services(*services);
    if (const auto services = fields.find("timestamping_services"))
      country_.timestamping_services = trust_.timestamping_services(*services);
    if (const auto anchors = fields.find("trusted_anchors"))
      country_.trusted_anchors = trust_.anchors(*anchors, country_.instance);
    if (const auto parts = fields.find("configuration_parts"))
      country_.configuration_parts = trust_.configuration_parts(*parts);
    return std::move(country_);
  }

 private:
  void must_map(const YamlNode& node, std::string_view what) const {
    if (node.kind() != Kind::mapping) place_.refuse(node, fmt::format("{} must be a mapping (key: value)", what));
  }

  ClientId id(const YamlNode& node, std::string_view what) const {
    auto id =
        ClientId::parse_rest(encode_identifier_part(country_.instance) + "/" + std::string(place_.text(node, what)));
    if (!id)
      place_.refuse(node, fmt::format("{} must be class/code or class/code/subsystem, parts percent-encoded: {}", what,
                                      id.error().text));
    for (const std::string& part : {id->member_class(), id->member_code(), id->subsystem()})
      if (!part.empty()) trust_.check_code(node, part, what);
    return *std::move(id);
  }

  void read_classes(const YamlNode& node) {
    must_map(node, "member_classes");
    auto& classes = country_.member_classes.emplace();
    for (const auto& [code, description] : node.entries())
      classes.emplace(trust_.code(code, "the code of a member class"),
                      trust_.line(description, "the description of a member class"));
  }

  void read_members(const YamlNode& node) {
    auto& members = country_.members.emplace();
    for (const YamlNode item : place_.sequence(node, "members")) {
      const YamlFields fields(place_, item, "a member", {"id", "name", "subsystems"});
      const YamlNode named = fields.require("id");
      const ClientId member = id(named, "the id of a member");
      if (member.is_subsystem())
        place_.refuse(named, "this is a subsystem; name it among the subsystems of its member");
      if (country_.member_classes && !country_.member_classes->contains(member.member_class()))
        place_.refuse(named,
                      fmt::format("there is no member class '{}'; add it to member_classes", member.member_class()));
      Member read{.name = trust_.line(fields.require("name"), "the name of a member"), .subsystems = {}};
      if (const auto subsystems = fields.find("subsystems")) read_subsystems(read, *subsystems);
      if (!members.emplace(member, std::move(read)).second)
        place_.refuse(named, "this member stands here a second time; remove one of the two");
    }
  }

  void read_subsystems(Member& member, const YamlNode& node) const {
    must_map(node, "subsystems");
    for (const auto& [code, name] : node.entries()) {
      const bool is_named = name.kind() != Kind::empty && !(name.kind() == Kind::text && name.text().empty());
      member.subsystems.emplace(trust_.code(code, "the code of a subsystem"),
                                is_named ? trust_.line(name, "the name of a subsystem") : std::string());
    }
  }

  void read_groups(const YamlNode& node) {
    auto& groups = country_.global_groups.emplace();
    for (const YamlNode item : place_.sequence(node, "global_groups")) {
      const YamlFields fields(place_, item, "a global group", {"code", "description", "members"});
      const YamlNode code = fields.require("code");
      GlobalGroup group{.description = trust_.line(fields.require("description"), "the description of a global group"),
                        .members = {}};
      if (const auto members = fields.find("members"))
        for (const YamlNode member : place_.sequence(*members, "the members of a global group")) {
          const ClientId named = id(member, "a member of a global group");
          must_be_known(member, named);
          if (!group.members.insert(named).second)
            place_.refuse(member, "this member stands here a second time; remove one of the two");
        }
      if (!groups.emplace(trust_.code(code, "the code of a global group"), std::move(group)).second)
        place_.refuse(code, "this global group stands here a second time; remove one of the two");
    }
  }

  void read_provider(const YamlNode& node) {
    const ClientId provider = id(node, "management_service_provider");
    if (!provider.is_subsystem()) place_.refuse(node, "management_service_provider must be a subsystem");
    must_be_known(node, provider);
    country_.management_service_provider = provider;
  }

  // Of a file that says who takes part.
  void must_be_known(const YamlNode& at, const ClientId& id) const {
    if (!country_.members) return;
    const auto member = country_.members->find(id.member());
    const bool known =
        member != country_.members->end() && (!id.is_subsystem() || member->second.subsystems.contains(id.subsystem()));
    if (!known) place_.refuse(at, fmt::format("{} is not among the members of this file; add it there", short_id(id)));
  }

  YamlPlace place_;
  TrustReader trust_;
  Country country_;
};

}  // namespace

Result<Country> read_country(const std::string& text, const std::string& name, const ReadAttached& read_attached) {
  auto document = parse_yaml(text, name, kMalformed);
  if (!document) return document.error();
  try {
    return Reader(name, read_attached).read(document->root());
  } catch (YamlRefused& refused) {
    return std::move(refused.fault);
  }
}

Result<Country> load_country(const std::string& file) {
  auto text = read_file(file, kCountryFileLimit);
  if (!text) return text.error();
  const std::filesystem::path folder = std::filesystem::path(file).parent_path();
  return read_country(*text, file,
                      [&](const std::string& path) { return read_file(folder / path, kAttachedFileLimit); });
}

}  // namespace causeway::country
