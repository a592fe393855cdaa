// SPDX-License-Identifier: MIT
#include "globalconf/image_writer.hpp"

#include <algorithm>
#include <cstring>

#include "globalconf/image_text.hpp"
#include "pki/digest.hpp"

namespace causeway::globalconf {
namespace {

using image::Section;

// Octets of a document for one of the block or of its rows, at least; room that stays unused
// costs nothing.
constexpr std::size_t kOctetsOfBlock = 2, kOctetsOfMember = 500, kOctetsOfClient = 150;

constexpr std::size_t kText = sizeof(image::Header);  // where the texts begin

}  // namespace

ImageWriter::ImageWriter(std::size_t document_octets) {
  block_.reserve(document_octets / kOctetsOfBlock);
  members_.reserve(document_octets / kOctetsOfMember);
  clients_.reserve(document_octets / kOctetsOfClient);
  client_hashes_.reserve(document_octets / kOctetsOfClient);
  restart();
}

void ImageWriter::restart() {
  block_.assign(kText + 2, '\0');  // texts at 0 and at kPresentButEmpty
  shared_texts_.clear();
  members_.clear();
  clients_.clear();
  client_hashes_.clear();
  client_index_.clear();
  links_.clear();
  servers_.clear();
  hashes_.clear();
  groups_.clear();
  group_members_.clear();
  group_index_.clear();
}

// Where 0 means that there is none.
std::uint32_t ImageWriter::add_optional(std::string_view text) {
  return text.empty() ? image::kPresentButEmpty : add_text(text);
}

std::uint32_t ImageWriter::add_text(std::string_view text) {
  if (text.empty()) return 0;
  const auto place = static_cast<std::uint32_t>(block_.size() - kText);
  append_image_text(block_, text);
  return place;
}

std::uint32_t ImageWriter::shared_text(std::string_view text) {
  const auto [known, added] = shared_texts_.try_emplace(std::string(text), 0);
  if (added) known->second = add_text(text);
  return known->second;
}

std::string_view ImageWriter::text_at(std::uint32_t place) const {
  return image_text(std::string_view(block_).substr(kText), place);
}

void ImageWriter::member(const Member& member) {
  const auto number = static_cast<std::uint32_t>(members_.size());
  members_.push_back({shared_text(member.member_class.code), add_text(member.code), add_text(member.name),
                      static_cast<std::uint32_t>(clients_.size())});
  clients_.push_back({number, 0, 0});
  client_hashes_.push_back(image::hash_of(member.member_class.code, member.code, {}));
}

void ImageWriter::subsystem(const Subsystem& subsystem) {
  const auto member = static_cast<std::uint32_t>(members_.size() - 1);
  clients_.push_back({member, add_text(subsystem.code), subsystem.name ? add_optional(*subsystem.name) : 0});
  const image::MemberRow& owner = members_.back();
  client_hashes_.push_back(image::hash_of(text_at(owner.member_class), text_at(owner.code), subsystem.code));
}

std::uint32_t ImageWriter::number_of(const ClientRef& client) const {
  const std::uint32_t first = members_[client.member].first_client;
  return client.subsystem == ClientRef::kMemberItself ? first : first + 1 + client.subsystem;
}

void ImageWriter::server(const SecurityServer& server) {
  const auto number = static_cast<std::uint32_t>(servers_.size());
  const std::uint32_t maintenance =
      server.maintenance ? add_optional(server.maintenance->message.value_or("")) : std::uint32_t{0};
  const image::MemberRow& owner = members_[server.owner];
  const std::string member_class(text_at(owner.member_class)), code(text_at(owner.code));
  servers_.push_back({add_text(member_class), add_text(code), add_text(server.code),
                      add_text(server.address.value_or("")), maintenance, static_cast<std::uint32_t>(hashes_.size())});
  for (const Bytes& hash : server.authentication_certificate_hashes) hashes_.push_back(add_text(as_text(hash)));
  links_.emplace_back(number_of(ClientRef{server.owner}), number);
  for (const ClientRef& client : server.clients) links_.emplace_back(number_of(client), number);
}

void ImageWriter::index_clients() {
  if (!client_index_.empty()) return;
  client_index_ = make_index(clients_.size());
  for (std::uint32_t number = 0; number < clients_.size(); ++number)
    add_to_index(client_index_, client_hashes_[number], number);
  PageVector<std::size_t>().swap(client_hashes_);  // frees
}

std::uint32_t ImageWriter::find_client(const ClientId& id) const {
  return find_in_index(client_index_, image::hash_of(id.member_class(), id.member_code(), id.subsystem()),
                       [&](std::uint32_t number) {
                         const image::ClientRow& client = clients_[number];
                         const image::MemberRow& member = members_[client.member];
                         return text_at(client.code) == id.subsystem() && text_at(member.code) == id.member_code() &&
                                text_at(member.member_class) == id.member_class();
                       });
}

void ImageWriter::group(const GlobalGroup& group) {
  index_clients();
  index_group();
  groups_.push_back({add_text(group.code), static_cast<std::uint32_t>(group_members_.size()), 0,
                     static_cast<std::uint32_t>(group_index_.size()), 0});
}

// The texts of clients that are there already are used again: groups can be large.
void ImageWriter::group_member(const ClientId& id) {
  const std::uint32_t number = find_client(id);
  if (number == kNoIndex) {
    group_members_.push_back({shared_text(id.instance()), shared_text(id.member_class()), add_text(id.member_code()),
                              add_text(id.subsystem())});
    return;
  }
  const image::ClientRow& client = clients_[number];
  const image::MemberRow& member = members_[client.member];
  group_members_.push_back({shared_text(id.instance()), member.member_class, member.code, client.code});
}

// Of the group told last, whose members are complete.
void ImageWriter::index_group() {
  if (groups_.empty()) return;
  image::GroupRow& group = groups_.back();
  group.members = static_cast<std::uint32_t>(group_members_.size()) - group.first_member;
  IndexSlots slots = make_index(group.members);
  for (std::uint32_t i = 0; i < group.members; ++i) {
    const image::GroupMemberRow& row = group_members_[group.first_member + i];
    add_to_index(slots, image::hash_of(text_at(row.member_class), text_at(row.code), text_at(row.subsystem)), i);
  }
  group.slots = static_cast<std::uint32_t>(slots.size());
  group_index_.insert(group_index_.end(), slots.begin(), slots.end());
}

void ImageWriter::link_clients() {
  std::sort(links_.begin(), links_.end());  // an owner may stand among the clients too
  links_.erase(std::unique(links_.begin(), links_.end()), links_.end());
  client_servers_.assign(clients_.size() + 1, 0);
  for (const auto& [client, server] : links_) ++client_servers_[client + std::size_t{1}];
  for (std::size_t i = 1; i < client_servers_.size(); ++i) client_servers_[i] += client_servers_[i - 1];
  server_list_.reserve(links_.size());
  for (const auto& [client, server] : links_) server_list_.push_back(server);
  decltype(links_)().swap(links_);  // frees
}

template <class Rows>
void ImageWriter::append(image::Header& header, Section section, Rows& rows) {
  Rows gone = std::move(rows);  // freed as soon as it is there
  block_.resize((block_.size() + 7) / 8 * 8);
  const std::size_t octets = gone.size() * sizeof(gone[0]);
  header.sections[static_cast<std::size_t>(section)] = {block_.size(), octets};
  block_.append(reinterpret_cast<const char*>(gone.data()), octets);
}

std::string ImageWriter::finish(const InstanceSettings& settings, int version) {
  index_clients();
  index_group();
  link_clients();
  SharedParameters small;
  static_cast<InstanceSettings&>(small) = settings;
  image::Header header;
  header.version = static_cast<std::uint32_t>(version);
  header.settings = add_text(write_shared_parameters(small, version));
  header.sections[static_cast<std::size_t>(Section::text)] = {kText, block_.size() - kText};
  append(header, Section::members, members_);
  append(header, Section::clients, clients_);
  append(header, Section::client_index, client_index_);
  append(header, Section::client_servers, client_servers_);
  append(header, Section::server_list, server_list_);
  append(header, Section::servers, servers_);
  append(header, Section::hashes, hashes_);
  append(header, Section::groups, groups_);
  append(header, Section::group_members, group_members_);
  append(header, Section::group_index, group_index_);
  const Bytes digest = pki::digest(pki::DigestAlgorithm::sha256, as_bytes(std::string_view(block_).substr(kText)));
  std::copy(digest.begin(), digest.end(), header.digest.begin());
  std::memcpy(block_.data(), &header, sizeof header);
  return std::move(block_);
}

}  // namespace causeway::globalconf
