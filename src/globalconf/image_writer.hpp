// SPDX-License-Identifier: MIT
// Makes the image of an instance while its document is read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/page_vector.hpp"
#include "globalconf/image_format.hpp"
#include "globalconf/index_table.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::globalconf {

class ImageWriter final : public SharedParametersSink {
 public:
  // `document_octets`: about how large the document is, to have room at once.
  explicit ImageWriter(std::size_t document_octets = 0);

  void restart() override;
  void member(const Member& member) override;
  void subsystem(const Subsystem& subsystem) override;
  void server(const SecurityServer& server) override;
  void group(const GlobalGroup& group) override;
  void group_member(const ClientId& member) override;

  // Once, after everything was told. The block begins with its Header; the origin in there
  // is zero. `settings` belong to the same document.
  std::string finish(const InstanceSettings& settings, int version);

 private:
  std::uint32_t add_text(std::string_view text);
  std::uint32_t add_optional(std::string_view text);
  std::uint32_t shared_text(std::string_view text);  // of few different ones
  std::string_view text_at(std::uint32_t place) const;
  std::uint32_t number_of(const ClientRef& client) const;
  std::uint32_t find_client(const ClientId& id) const;
  void index_clients();
  void link_clients();
  void index_group();
  template <class Rows>
  void append(image::Header& header, image::Section section, Rows& rows);

  std::string block_;  // room for the header, then the texts
  std::unordered_map<std::string, std::uint32_t> shared_texts_;
  PageVector<image::MemberRow> members_;
  PageVector<image::ClientRow> clients_;
  PageVector<std::size_t> client_hashes_;
  IndexSlots client_index_;
  PageVector<std::pair<std::uint32_t, std::uint32_t>> links_;  // client, server
  PageVector<std::uint32_t> client_servers_, server_list_;
  PageVector<image::ServerRow> servers_;
  PageVector<std::uint32_t> hashes_;
  PageVector<image::GroupRow> groups_;
  PageVector<image::GroupMemberRow> group_members_;
  IndexSlots group_index_;
};

}  // namespace causeway::globalconf
