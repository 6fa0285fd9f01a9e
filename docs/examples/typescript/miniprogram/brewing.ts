import dayjs from 'dayjs';

export interface Tea {
  name: string;
  minutes: number;
}

export const ready = (tea: Tea, from: number): string =>
  `${tea.name} is ready at ${dayjs(from).add(tea.minutes, 'minute').format('HH:mm')}`;
