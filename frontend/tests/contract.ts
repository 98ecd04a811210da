// No test runs this file: the compiler holds these pages and the server to the same contract.

import type { Credentials, Grant, Me, SignIn, Welcome } from '../src/api/auth'
import type { LastVisit, NewPatient, NewPhase, NewReading, NewSession, Patient } from '../src/api/calls'
import type {
  LimitsInForce,
  NewAcknowledgement,
  NewAmendment,
  NewAnnotation,
  NewCorrection,
  NewDevice,
  NewEnd,
  NewLimits,
  NewMove,
  NewOff,
  NewPhaseTime,
  NewStandby,
  NewTakeBack,
} from '../src/api/care'
import type {
  CheckedSignature,
  LatestSession,
  NewAnnotationCorrection,
  NewExport,
  NewReadingCorrection,
  NewSignature,
  RangeExport,
} from '../src/api/review'
import type { components } from '../src/api.d.ts'
import type { ClinicOut } from '../src/clinic/view'
import type { SessionItem } from '../src/find/list'
import type { Command, Frame } from '../src/live/frames'
import type {
  Alarm,
  Annotation,
  BoardRow,
  LogEvent,
  Notice,
  Reading,
  SessionState,
  Value,
} from '../src/live/types'
import type { Phase } from '../src/model/phases'
import type { Protocol, Vital } from '../src/model/vitals'
import type { AsSeenOut } from '../src/review/seen/types'
import type { Timeline } from '../src/trend/timeline'

type Schemas = components['schemas']

/** Takes a value of the one type for the other: the compiler says whether that is so. */
type Serves<Given extends Wanted, Wanted> = [Given, Wanted]

/** What the server's OpenAPI promises is what these pages read. */
export type Read = [
  Serves<Schemas['StateOut'], SessionState>,
  Serves<Schemas['BoardRow'], BoardRow>,
  Serves<Schemas['WallRow'], BoardRow>,
  Serves<Schemas['HeldValue'], Value>,
  Serves<Schemas['AlarmOut'], Alarm>,
  Serves<Schemas['ReadingOut'], Reading>,
  Serves<Schemas['EventList']['items'][number], LogEvent>,
  Serves<Schemas['TimelineOut'], Timeline>,
  Serves<Schemas['SessionItem'], SessionItem>,
  Serves<Schemas['ClinicOut'], ClinicOut>,
  Serves<Schemas['AsSeenOut'], AsSeenOut>,
  Serves<Schemas['SignatureOut'], CheckedSignature>,
  Serves<Schemas['SessionItem'], LatestSession>,
  Serves<Schemas['ExportOut'], RangeExport>,
  Serves<Schemas['VitalOut'], Vital>,
  Serves<Schemas['ProtocolOut'], Protocol>,
  Serves<Schemas['PatientOut'], Patient>,
  Serves<Schemas['PatientView'], Patient & { last_visit: LastVisit | null }>,
  Serves<Schemas['AnnotationList']['items'][number], Annotation>,
  Serves<Schemas['Frame'], Frame>,
  Serves<Schemas['LimitsOut'], LimitsInForce>,
  Serves<Schemas['NoticeOut'], Notice>,
  Serves<Schemas['MeOut'], Me>,
  Serves<Schemas['WelcomeOut'], Welcome>,
  Serves<Schemas['GrantOut'], Grant>,
  Serves<Schemas['SignInOut'], SignIn>,
]

/** The body of a new annotation, of any kind. */
type Annotated =
  | Schemas['NoteIn']
  | Schemas['MedicationIn']
  | Schemas['SideEffectIn']
  | Schemas['AssessmentIn']
  | Schemas['RateChangeIn']
  | Schemas['OxygenIn']
  | Schemas['IvSiteIn']

/** What these pages send is what the server takes. */
export type Sent = [
  Serves<Credentials, Omit<Schemas['LoginIn'], 'shared'>>,
  Serves<Command, Schemas['WatcherMessage']>,
  Serves<NewReading, Omit<Schemas['ReadingIn'], 'cuff_inflating'>>,
  Serves<NewSession, Omit<Schemas['SessionIn'], 'clock'>>,
  Serves<NewPatient, Schemas['PatientIn']>,
  Serves<NewPhase, Schemas['PhaseIn']>,
  Serves<NewAcknowledgement, Schemas['AcknowledgeIn']>,
  Serves<NewEnd, Schemas['EndAlarmIn']>,
  Serves<NewOff, Schemas['AudioOffIn']>,
  Serves<NewOff, Schemas['AlarmOffIn']>,
  Serves<NewStandby, Schemas['StandbyIn']>,
  Serves<NewDevice, Schemas['AttachIn']>,
  Serves<Pick<NewLimits, 'id' | 'version' | 'reason'>, Omit<Schemas['LimitsIn'], 'limits' | 'baseline'>>,
  Serves<NewCorrection, Schemas['VoidIn']>,
  Serves<NewAmendment, Schemas['AmendIn']>,
  Serves<NewMove, Schemas['MoveIn']>,
  Serves<NewPhaseTime & { phase: Phase }, Schemas['PhaseCorrectIn']>,
  Serves<NewTakeBack & { phase: Phase }, Schemas['PhaseTakeBackIn']>,
  Serves<NewAnnotation, Annotated>,
  Serves<NewCorrection, Schemas['VoidAnnotationIn']>,
  Serves<NewReadingCorrection, Schemas['AmendIn']>,
  Serves<Omit<NewAnnotationCorrection, 'data'>, Omit<Schemas['CorrectAnnotationIn'], 'data'>>,
  Serves<NewSignature, Schemas['SignIn']>,
  Serves<NewSignature & { text: string }, Schemas['AddendumIn']>,
  Serves<NewExport, Schemas['ExportIn']>,
]
