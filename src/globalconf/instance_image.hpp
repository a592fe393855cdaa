// SPDX-License-Identifier: MIT
// Looks things up in the image of an instance (image_format.hpp), where it lies.
//
// Immutable. Lookups take no memory. Numbers of members, clients, servers and groups count
// from 0 in the order of the document.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/mapped_file.hpp"
#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "globalconf/image_format.hpp"
#include "globalconf/index_table.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::globalconf {

class InstanceImage {
 public:
  // Of a block as ImageWriter makes it. malformed_global_conf.
  static Result<InstanceImage> of(std::string block);
  static Result<InstanceImage> of(MappedFile block);
  static Result<InstanceImage> of(const SharedParameters& parameters, int version);
  // From the document in `file`: io_error, malformed_global_conf.
  static Result<InstanceImage> read(const std::filesystem::path& file, std::size_t limit, int version);

  InstanceImage(InstanceImage&&) noexcept = default;
  InstanceImage& operator=(InstanceImage&&) noexcept = default;

  // Whether it was made from the file that `origin` names.
  bool is_of(const image::Header& origin) const {
    return header_.inode == origin.inode && header_.size == origin.size && header_.modified_ns == origin.modified_ns;
  }
  int version() const { return static_cast<int>(header_.version); }
  // Shared parameters without members, servers and groups, as XML of that version.
  std::string_view settings() const { return text(header_.settings); }

  std::size_t members() const { return members_.size(); }
  std::size_t clients() const { return clients_.size(); }
  std::size_t servers() const { return servers_.size(); }
  std::size_t groups() const { return groups_.size(); }

  // Of a member or a subsystem, whose instance is not looked at; kNoIndex when there is none.
  std::uint32_t find_client(const ClientId& id) const;
  struct ClientText {
    std::string_view member_class, code, subsystem, name;  // `name` of the member
    std::optional<std::string_view> subsystem_name;
  };
  ClientText client(std::uint32_t number) const;
  // Numbers of the servers of a client, ascending.
  std::span<const std::uint32_t> servers_of(std::uint32_t client) const;

  struct ServerText {
    std::string_view member_class, owner, code, address;
    std::optional<std::string_view> maintenance;
  };
  ServerText server(std::uint32_t number) const;
  // Digests of the authentication certificates of a server; texts.
  std::span<const std::uint32_t> hashes_of(std::uint32_t server) const;

  std::string_view group_code(std::uint32_t group) const { return text(groups_[group].code); }
  bool in_group(std::uint32_t group, const ClientId& client) const;

  // Octets at a place; empty for one outside.
  std::string_view text(std::uint32_t place) const;

 private:
  InstanceImage() = default;
  Result<void> open();
  template <class Row>
  bool take(image::Section section, std::span<const Row>& rows) const;
  std::string_view octets() const { return file_ ? as_text(file_->bytes()) : std::string_view(block_); }

  // When it lies in memory. Longer than a string holds in itself: moved, the octets stay.
  std::string block_;
  std::optional<MappedFile> file_;  // when it lies in a file
  image::Header header_;
  std::string_view text_;
  std::span<const image::MemberRow> members_;
  std::span<const image::ClientRow> clients_;
  std::span<const std::uint32_t> client_index_, client_servers_, server_list_;
  std::span<const image::ServerRow> servers_;
  std::span<const std::uint32_t> hashes_;
  std::span<const image::GroupRow> groups_;
  std::span<const image::GroupMemberRow> group_members_;
  std::span<const std::uint32_t> group_index_;
};

}  // namespace causeway::globalconf
