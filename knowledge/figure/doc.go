// Package figure finds the figures in Chinese text and writes each in one normal form, so that what
// an answer says can be compared with what its source says: 百分之五 and 5％ are both "5%",
// 二〇二四年九月一日 and 2024-09-01 the same day, 一至四级 is 1级 and 4级.
//
// A figure is anything that states a quantity, a day, a time, a grade, an amount or a phone number.
// Numbers of articles and list marks (第二十二条, （一）, 1.), titles in 《》, grades of merit
// (三等功), ranks (一级军士长) and words that only look like numbers (一律, 一次性, 万一) are none.
//
// The guide's own test and the answerer's guard use the same code, so that no sentence passes one
// and fails the other. All functions are pure.
package figure
