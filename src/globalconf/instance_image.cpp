// SPDX-License-Identifier: MIT
#include "globalconf/instance_image.hpp"

#include <bit>
#include <cstring>

#include "domain/fault_code.hpp"
#include "globalconf/image_text.hpp"
#include "globalconf/image_writer.hpp"
#include "pki/digest.hpp"

namespace causeway::globalconf {
namespace {

using image::Section;

// A number that leads nowhere gives an empty row. No image that was made here has one; this
// is for blocks that somebody else made.
template <class Row>
Row row_of(std::span<const Row> rows, std::uint32_t number) {
  return number < rows.size() ? rows[number] : Row{};
}

template <class Row>
std::span<const Row> part_of(std::span<const Row> rows, std::size_t begin, std::size_t end) {
  return begin <= end && end <= rows.size() ? rows.subspan(begin, end - begin) : std::span<const Row>();
}

bool is_index(std::span<const std::uint32_t> slots) { return slots.empty() || std::has_single_bit(slots.size()); }

}  // namespace

Result<InstanceImage> InstanceImage::of(std::string block) {
  InstanceImage image;
  image.block_ = std::move(block);
  if (auto opened = image.open(); !opened) return std::move(opened).error();
  return image;
}

Result<InstanceImage> InstanceImage::of(MappedFile block) {
  InstanceImage image;
  image.file_ = std::move(block);
  if (auto opened = image.open(); !opened) return std::move(opened).error();
  return image;
}

Result<InstanceImage> InstanceImage::of(const SharedParameters& parameters, int version) {
  ImageWriter writer;
  tell(parameters, writer);
  return of(writer.finish(parameters, version));
}

Result<InstanceImage> InstanceImage::read(const std::filesystem::path& file, std::size_t limit, int version) {
  std::error_code unknown;
  const auto octets = std::filesystem::file_size(file, unknown);
  ImageWriter writer(unknown ? 0 : static_cast<std::size_t>(octets));
  auto settings = read_shared_parameters_file(file, limit, version, writer);
  if (!settings) return std::move(settings).error();
  return of(writer.finish(*settings, version));
}

template <class Row>
bool InstanceImage::take(Section section, std::span<const Row>& rows) const {
  const image::Header::Extent extent = header_.sections[static_cast<std::size_t>(section)];
  const std::string_view all = octets();
  if (extent.begin > all.size() || extent.octets > all.size() - extent.begin || extent.begin % alignof(Row) != 0 ||
      extent.octets % sizeof(Row) != 0)
    return false;
  rows = {reinterpret_cast<const Row*>(all.data() + extent.begin), extent.octets / sizeof(Row)};
  return true;
}

Result<void> InstanceImage::open() {
  const auto malformed = [] {
    return fault(FaultCode::malformed_global_conf, "the image of the global configuration is damaged");
  };
  if (octets().size() < sizeof header_) return malformed();
  std::memcpy(&header_, octets().data(), sizeof header_);
  if (header_.magic != image::kMagic) return malformed();
  std::span<const char> text;
  const bool complete = take(Section::text, text) && take(Section::members, members_) &&
                        take(Section::clients, clients_) && take(Section::client_index, client_index_) &&
                        take(Section::client_servers, client_servers_) && take(Section::server_list, server_list_) &&
                        take(Section::servers, servers_) && take(Section::hashes, hashes_) &&
                        take(Section::groups, groups_) && take(Section::group_members, group_members_) &&
                        take(Section::group_index, group_index_);
  if (!complete || !is_index(client_index_) || client_servers_.size() != clients_.size() + 1) return malformed();
  text_ = std::string_view(text.data(), text.size());
  return {};
}

std::string_view InstanceImage::text(std::uint32_t place) const { return image_text(text_, place); }

std::uint32_t InstanceImage::find_client(const ClientId& id) const {
  const std::size_t hash = image::hash_of(id.member_class(), id.member_code(), id.subsystem());
  return find_in_index(client_index_, hash, [&](std::uint32_t number) {
    const image::ClientRow row = row_of(clients_, number);
    if (text(row.code) != id.subsystem()) return false;
    const image::MemberRow member = row_of(members_, row.member);
    return text(member.code) == id.member_code() && text(member.member_class) == id.member_class();
  });
}

InstanceImage::ClientText InstanceImage::client(std::uint32_t number) const {
  const image::ClientRow row = row_of(clients_, number);
  const image::MemberRow member = row_of(members_, row.member);
  return {text(member.member_class), text(member.code), text(row.code), text(member.name),
          row.name == 0 ? std::optional<std::string_view>() : text(row.name)};
}

std::span<const std::uint32_t> InstanceImage::servers_of(std::uint32_t client) const {
  if (client >= clients_.size()) return {};
  return part_of(server_list_, client_servers_[client], client_servers_[client + std::size_t{1}]);
}

InstanceImage::ServerText InstanceImage::server(std::uint32_t number) const {
  const image::ServerRow row = row_of(servers_, number);
  return {text(row.member_class), text(row.owner), text(row.code), text(row.address),
          row.maintenance == 0 ? std::optional<std::string_view>() : text(row.maintenance)};
}

std::span<const std::uint32_t> InstanceImage::hashes_of(std::uint32_t server) const {
  if (server >= servers_.size()) return {};
  const std::size_t next = server + std::size_t{1};
  return part_of(hashes_, servers_[server].first_hash,
                 next < servers_.size() ? servers_[next].first_hash : hashes_.size());
}

bool InstanceImage::in_group(std::uint32_t group, const ClientId& client) const {
  const image::GroupRow row = row_of(groups_, group);
  const auto rows = part_of(group_members_, row.first_member, std::size_t{row.first_member} + row.members);
  const auto slots = part_of(group_index_, row.first_slot, std::size_t{row.first_slot} + row.slots);
  if (!is_index(slots)) return false;
  const std::size_t hash = image::hash_of(client.member_class(), client.member_code(), client.subsystem());
  return find_in_index(slots, hash, [&](std::uint32_t number) {
           const image::GroupMemberRow member = row_of(rows, number);
           return text(member.subsystem) == client.subsystem() && text(member.code) == client.member_code() &&
                  text(member.member_class) == client.member_class() && text(member.instance) == client.instance();
         }) != kNoIndex;
}

}  // namespace causeway::globalconf
