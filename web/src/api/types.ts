/** Short names for the shapes of the snapshot. */
import type { components } from "./schema";

type S = components["schemas"];

export type Localised = S["Text"];
export type Kind = S["Kind"];
export type Channel = S["Channel"];
export type Stage = S["Stage"];
export type Grade = S["Grade"];
export type Mark = S["Mark"];
export type Role = S["Role"];
export type Operation = S["Operation"];
export type CommandKind = S["CommandKind"];
export type Facets = S["Facets"];
export type ClockKey = S["ClockKey"];
export type Give = S["Give"];
export type Rating = S["Rating"];
export type Customer = S["Customer"];

export type Portal = S["Portal"];
export type LetterLine = S["LetterLine"];
export type Letter = S["Letter"];
export type CommitmentVersion = S["CommitmentVersion"];

export type NewRequest = S["NewRequest"];
export type RequestReceipt = S["RequestReceipt"];
export type CustomerTicket = S["CustomerTicket"];
export type CustomerClock = S["CustomerClock"];
export type CustomerTimelineItem = S["CustomerTimelineItem"];
export type CustomerCommand = S["CustomerCommandRequest"];

export type TicketLine = S["TicketLine"];
export type TicketDetail = S["TicketDetail"];
export type ClockDetail = S["ClockDetail"];
export type ClockState = S["ClockStateWord"];
export type TimelineItem = S["TimelineItem"];
export type Action = S["Action"];
export type Command = S["CommandRequest"];
export type AlarmDetail = S["AlarmDetail"];

export type ArticleList = S["ArticleList"];
export type ArticleDetail = S["ArticleDetail"];
export type ArticleText = S["ArticleText"];
export type Suggestion = S["Suggestion"];
export type SuggestionList = S["SuggestionList"];
export type UnansweredGroup = S["UnansweredGroup"];

export type PersonalField = S["PersonalField"];
export type ErasureReason = S["ErasureReason"];
export type ErasurePreview = S["ErasurePreview"];
export type ContactSearch = S["ContactSearch"];
export type Look = S["LookDetail"];
export type MyLook = S["CustomerLook"];

export type Session = S["SessionDetail"];
export type Person = S["Person"];
export type Team = S["Team"];
export type NoticeLine = S["NoticeLine"];
