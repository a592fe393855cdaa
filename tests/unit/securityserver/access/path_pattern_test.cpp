// SPDX-License-Identifier: MIT
#include "securityserver/access/path_pattern.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace causeway::securityserver {
namespace {

struct Case {
  std::string_view pattern, path;
  bool matches;
};

void check(std::initializer_list<Case> cases) {
  for (const Case& each : cases)
    EXPECT_EQ(path_matches(each.pattern, each.path), each.matches)
        << "pattern '" << each.pattern << "', path '" << each.path << "'";
}

TEST(PathPattern, StarStaysWithinASegment) {
  check({{"/pets/*", "/pets/1", true},
         {"/pets/*", "/pets/", true},
         {"/pets/*", "/pets", false},
         {"/pets/*", "/pets/1/toys", false},
         {"/pets/*/", "/pets/1/", true},
         {"/*/toys", "/pets/toys", true},
         {"*", "", true},
         {"*", "/", false}});
}

TEST(PathPattern, StarIsPossessive) {
  check({{"/a*c", "/abc", false}, {"/a*c", "/ac", false}, {"/a*/c", "/abc/c", true}, {"/a*", "/abc", true}});
}

TEST(PathPattern, TwoStarsCrossSegments) {
  check({{"/pets/**", "/pets/", true},
         {"/pets/**", "/pets/1/toys", true},
         {"/pets/**", "/pets", false},
         {"**", "", true},
         {"****", "/a/b", true},
         {"/a**z", "/a/b/z", true},
         {"/a**z", "/a/b/zz", true},
         {"/a**z", "/a/b/zy", false},
         {"**/x/**", "/a/x/b", true},
         {"**/x/**", "/a/y/b", false},
         {"**/*/**", "//", true},
         {"**/*/**", "a/b", false}});
}

TEST(PathPattern, TwoStarsStopAtLineBreaks) {
  check({{"/a/**", "/a/b\nc", false},
         {"/a/**", "/a/\u2028", false},
         {"/a/**", "/a/\u0085", false},
         {"/a/**", "/a/\u00e4", true},
         {"/a/*", "/a/b\nc", true}});
}

TEST(PathPattern, IsCaseSensitiveAndWhole) {
  check({{"/pets", "/Pets", false},
         {"/pets", "/pets/", false},
         {"/pets", "/a/pets", false},
         {"", "", true},
         {"", "/", false}});
}

TEST(PathPattern, BackslashEscapesStarsAndItself) {
  check({{"/a\\*", "/a*", true},
         {"/a\\*", "/ab", false},
         {"/a\\*", "/a\\*", false},
         {"/a\\\\", "/a\\", true},
         {"/a\\b", "/a\\b", true},
         {"/a\\", "/a\\", true},
         {"**\\*", "/any/thing*", true},
         {"**\\*", "/any/thing", false}});
}

TEST(PathPattern, SignsOfRegularExpressionsAreLiteral) {
  check({{"/.^$+{[]|()}-&#", "/.^$+{[]|()}-&#", true}, {"/a.c", "/abc", false}, {"/a+", "/aa", false}});
}

TEST(PathPattern, QuestionMarkMakesTheCharacterBeforeItOptional) {
  check({{"/pets?", "/pet", true},
         {"/pets?", "/pets", true},
         {"/pets?", "/pets?", false},
         {"/pets??", "/pet", true},
         {"/caf\u00e9?", "/caf", true},
         {"/caf\u00e9?", "/caf\xc3", false},
         {"?/a", "/a", true},
         {"/**?", "/a/b", true},
         {"/a\\*?", "/a", true}});
}

TEST(PathPattern, WhatXRoadCannotReadMatchesNothing) {
  check({{"/*?", "/a", false}, {"/a???", "/a", false}, {"/**??", "/a", false}, {"???", "", false}});
}

TEST(PathPattern, TakesBoundedTimeOnHostilePatterns) {
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "**a?";
  EXPECT_FALSE(path_matches(pattern + "c", std::string(4000, 'a') + "b"));
}

// The meaning written down as backtracking over the definition, slow but plain.
bool reference(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return path.empty();
  if (pattern.starts_with("**")) {
    const auto rest = pattern.substr(std::min(pattern.find_first_not_of('*'), pattern.size()));
    const auto after = rest.starts_with('?') ? rest.substr(1) : rest;
    for (std::size_t i = 0; i <= path.size(); ++i)
      if (reference(after, path.substr(i))) return true;
    return false;
  }
  if (pattern.front() == '*') return reference(pattern.substr(1), path.substr(std::min(path.find('/'), path.size())));
  const bool optional = pattern.substr(1).starts_with('?');
  const auto rest = pattern.substr(optional ? 2 : 1);
  return (optional && reference(rest, path)) || (path.starts_with(pattern.front()) && reference(rest, path.substr(1)));
}

std::string random_text(std::mt19937& random, std::string_view alphabet, std::size_t longest) {
  std::string text(random() % (longest + 1), ' ');
  for (char& c : text) c = alphabet[random() % alphabet.size()];
  return text;
}

// A '?' only where the reference knows it: once, after a character or "**".
bool is_plain(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (pattern[i] == '?' &&
        (i == 0 || pattern[i - 1] == '?' || (pattern[i - 1] == '*' && (i == 1 || pattern[i - 2] != '*'))))
      return false;
  return true;
}

TEST(PathPattern, AgreesWithAPlainReference) {
  std::mt19937 random(20260301);
  int matched = 0;
  for (int i = 0; i < 200000; ++i) {
    const std::string pattern = random_text(random, "ab/**?", 8);
    const std::string path = random_text(random, "ab/", 6);
    if (!is_plain(pattern)) continue;
    const bool expected = reference(pattern, path);
    matched += expected ? 1 : 0;
    ASSERT_EQ(path_matches(pattern, path), expected) << "pattern '" << pattern << "', path '" << path << "'";
  }
  EXPECT_GT(matched, 1000) << "the random pairs must not all be misses";
}

}  // namespace
}  // namespace causeway::securityserver
