// SPDX-License-Identifier: MIT
#include "bench/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report.hpp"
#include "xml/writing.hpp"

namespace causeway::bench {
namespace {

// Pixels.
constexpr double kLabelWidth = 360, kBarWidth = 420, kNumberWidth = 80, kMargin = 16;
constexpr double kTitleHeight = 36, kRowHeight = 26, kBarHeight = 16;
constexpr const char* kPlain = "#4477aa";
constexpr const char* kGood = "#228833";
constexpr const char* kBad = "#cc6677";
constexpr const char* kMark = "#222222";

// From a value to the share of the width that its bar takes.
class Scale {
 public:
  explicit Scale(const Chart& chart) : logarithmic_(chart.logarithmic) {
    for (const Bar& bar : chart.bars) {
      for (const double value : {bar.value, bar.mark.value_or(bar.value)}) {
        most_ = std::max(most_, value);
        if (value > 0) least_ = least_ == 0 ? value : std::min(least_, value);
      }
    }
    if (logarithmic_) least_ = std::pow(10, std::floor(std::log10(std::max(least_, 1e-12))));
  }
  double operator()(double value) const {
    if (most_ <= 0 || value <= 0) return 0;
    if (!logarithmic_) return value / most_;
    if (most_ <= least_) return 1;
    return std::clamp(std::log(value / least_) / std::log(most_ / least_), 0.0, 1.0);
  }

 private:
  const bool logarithmic_;
  double least_ = 0, most_ = 0;
};

const char* colour_of(const Bar& bar) { return !bar.good ? kPlain : *bar.good ? kGood : kBad; }

std::string row_of(const Bar& bar, const Scale& scale, double top) {
  const double left = kMargin + kLabelWidth, middle = top + kRowHeight / 2, width = scale(bar.value) * kBarWidth;
  std::string text = fmt::format(
      "<text x=\"{:.0f}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n"
      "<rect x=\"{:.0f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.0f}\" fill=\"{}\"/>\n"
      "<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n",
      left - 8, middle + 4, xml::escape_text(bar.label), left, middle - kBarHeight / 2, width, kBarHeight,
      colour_of(bar), left + width + 6, middle + 4, number_text(bar.value));
  if (bar.mark) {
    const double x = left + scale(*bar.mark) * kBarWidth;
    text += fmt::format(
        "<line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\" stroke-width=\"2\"/>\n", x,
        middle - kRowHeight / 2 + 1, middle + kRowHeight / 2 - 1, kMark);
  }
  return text;
}

}  // namespace

std::string to_svg(const Chart& chart) {
  const Scale scale(chart);
  const double width = 2 * kMargin + kLabelWidth + kBarWidth + kNumberWidth;
  const double height = kMargin + kTitleHeight + kRowHeight * static_cast<double>(chart.bars.size());
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"{0:.0f}\" height=\"{1:.0f}\" fill=\"#ffffff\"/>\n"
      "<text x=\"{2:.0f}\" y=\"22\" font-size=\"14\" font-weight=\"bold\">{3}</text>\n",
      width, height, kMargin, xml::escape_text(chart.title));
  double top = kTitleHeight;
  for (const Bar& bar : chart.bars) {
    text += row_of(bar, scale, top);
    top += kRowHeight;
  }
  return text + "</svg>\n";
}

}  // namespace causeway::bench
